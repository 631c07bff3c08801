"""What must stay true of what screens are told."""
