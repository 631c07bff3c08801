"""What must stay true of the screens."""
