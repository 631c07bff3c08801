"""Bundles: records and photos that came by another way than their author's own network."""
