"""Small parts that screens are made of: they know how things look, never what they mean."""
