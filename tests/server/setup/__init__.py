"""A real school's data and people, from files and commands."""
