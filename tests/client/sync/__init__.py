"""What must stay true of bringing two journals level."""
