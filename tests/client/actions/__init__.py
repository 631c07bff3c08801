"""What must stay true of what a person does."""
