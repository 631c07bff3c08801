"""A journal that was tampered with says so, and where."""
