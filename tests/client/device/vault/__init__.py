"""Where the device's secrets are kept."""
