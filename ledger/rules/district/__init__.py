"""What a district watches at its schools: major hazards, and late ones that climbed to it.

`bodies` is what is written in the district's own journal, `rule` the fold. The server writes
there what happened at a school, and carries back what an officer said (`server.supervision`).
"""
