"""The app that school staff carry: what it stores, sends, senses, does and shows."""
