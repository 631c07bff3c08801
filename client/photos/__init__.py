"""From a picture as a camera gives it to a photo that is evidence: small, marked, named, kept.

Pillow and the ledger only: no screen, no store, no network.
"""
