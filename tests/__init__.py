"""What must stay true, laid out like the packages it is about."""
