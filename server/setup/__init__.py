"""Setting up a real school from a file that an administrator edits."""
