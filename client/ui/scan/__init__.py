"""From the camera to a saved check-in."""
