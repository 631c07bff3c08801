"""A missing pupil's ladder on the server: who is told when, by which of the district's channels."""
