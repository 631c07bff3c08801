"""What must stay true of what the device keeps."""
