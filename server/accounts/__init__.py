"""Who may sign in, and what their duties let them do."""
