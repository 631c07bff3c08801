"""What must stay true of the words people read."""
