"""Who may come in: passwords, tokens, one-time codes and enrolled devices."""
