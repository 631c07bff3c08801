"""The district's own journal: who is in it, what schools' hazards tell it, what it tells them."""
