"""Several devices and a real server: what one writes the others come to know."""
