"""What must stay true of the district server."""
