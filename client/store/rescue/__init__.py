"""What can still be read of a damaged database, and a new one made of it."""
