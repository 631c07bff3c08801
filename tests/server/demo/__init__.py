"""The demo's parts alone, and all of it together."""
