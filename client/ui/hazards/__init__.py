"""Hazards on screen: reporting, rectifying, deciding, and the ledger of a school year."""
