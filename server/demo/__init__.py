"""A school that could exist, to show and to measure with."""

from server.demo.seed import PASSWORD, SCHOOL, Seeded, seed

__all__ = ["PASSWORD", "SCHOOL", "Seeded", "seed"]
