"""What must stay true of the packaged font, icon and sound, and the scripts that made them."""
