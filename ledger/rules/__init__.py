"""The rules: pure functions that turn entries into records, the same on phone and server.

One module per duty. A rule owns the subjects with its prefix ("round:…"), says which kinds it
knows, what it objects to, and what an accepted entry changes. It never asks the clock, the
network or a database: what a judgement needs beyond the subject's own entries is handed in.
"""
