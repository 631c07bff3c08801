"""The night's screens: the map of rooms, one room, the closing, the desk, who is missing."""
