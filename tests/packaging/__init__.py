"""What must stay true of what is built, installed and shipped."""
