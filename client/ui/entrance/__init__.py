"""Before the work: opening the app, unlocking its secrets, signing in."""
