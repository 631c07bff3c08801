"""The night's roll-call and the search for who is missing: what the screens call."""

from client.actions.dorms.marking import NightDone
from client.actions.dorms.night import DormActions

__all__ = ["DormActions", "NightDone"]
