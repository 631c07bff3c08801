"""Photos: taken in by tus, kept once per school and hash, handed to who may see them."""
