"""What must stay true of what phones and the server agree on."""
