"""What is written for people must be true of the code."""
