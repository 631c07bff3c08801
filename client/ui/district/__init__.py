"""A district officer's screens: the schools' hazards that the district watches."""
