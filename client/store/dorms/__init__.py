"""Reading the night: buildings and their rooms, one room with its beds, who is missing."""
