"""Making the records of subjects anew, in the order in which they are read by each other."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from client.store.onward import forget, project
from client.store.parked import keep_parked
from ledger.projection import Parked, StoredEntry, load_labels, load_subjects, rebuild
from ledger.rules.rule import Labels

PUPILS = ("student:", "missing:")
"""Subjects that a roll-call's closing is judged by."""


def rebuild_subjects(
    connection: Connection,
    school: str,
    subjects: Sequence[str],
    loaded: Mapping[str, Sequence[StoredEntry]] | None = None,
) -> None:
    """Rebuild first what the rest is read by: what labels mean, who lives where, and who was
    looked for. What can't be shown yet is parked by its name."""
    parked: list[Parked] = []
    places = [subject for subject in subjects if subject.startswith("point:")]
    if places:
        parked += rebuild(connection, school, places, Labels(), loaded)
    pupils = [subject for subject in subjects if subject.startswith(PUPILS)]
    if pupils:
        parked += rebuild(connection, school, pupils, Labels(), loaded)
    rest = [subject for subject in subjects if not subject.startswith(("point:", *PUPILS))]
    if len(rest) == 1 and loaded is None:
        parked += project(connection, school, rest[0], load_labels(connection, school))
    elif rest:
        forget(connection, rest)
        found = load_subjects(connection, school, rest) if loaded is None else loaded
        # Labels are for judging, and only what is pending is judged.
        pending = any(one.seq is None for subject in rest for one in found.get(subject, ()))
        labels = load_labels(connection, school) if pending else Labels()
        parked += rebuild(connection, school, rest, labels, found)
    keep_parked(connection, school, subjects, parked)
