"""What must stay true of the app on phone and desktop."""
