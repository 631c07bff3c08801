"""What must stay true of talking to a server."""
