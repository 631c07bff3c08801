"""A school that could exist, to show and to measure with."""
