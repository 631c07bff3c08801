"""Who sleeps where, who was there at night, who is missing, who is on leave."""
