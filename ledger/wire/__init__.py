"""The messages phone and server exchange. `docs/protocol.md` tells the story around them."""
