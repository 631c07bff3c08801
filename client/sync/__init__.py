"""Brings this device's journal and the server's level, whenever there is a network."""
