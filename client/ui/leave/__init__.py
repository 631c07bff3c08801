"""Leave: who is away, who asks to be, and the one form to enter it."""
