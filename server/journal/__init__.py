"""The journal on the server's side, phase by phase: arrivals are read, placed in their chains,
judged, stored; what waited is judged again; devices pull what they have not seen."""
