"""What a database needs after the app was updated: its records as the new rules mean them."""

from pydantic_core import to_json
from sqlalchemy import Connection, select

from client.store.identity import read_setting, write_setting
from client.store.rebuilding import rebuild_subjects
from ledger.rules.meaning import meaning
from ledger.scopes import is_sealed
from ledger.tables.journal import ENTRY

SUBJECTS_AT_ONCE = 200


def follow_rules(
    connection: Connection, version: str | None = None, *, private: bool = False
) -> bool:
    """Project every subject anew when the rules have changed since; True when that was needed.

    What is sealed is done by itself, with `private`, once the seal is at hand.
    """
    name = "rules_private" if private else "rules"
    wanted = to_json(meaning() if version is None else version).decode()
    if read_setting(connection, name) == wanted:
        return False
    rows = connection.execute(select(ENTRY.c.school, ENTRY.c.subject, ENTRY.c.scope).distinct())
    subjects: dict[str, list[str]] = {}
    for row in rows:
        if is_sealed(row.scope) is private:
            subjects.setdefault(row.school, []).append(row.subject)
    for school, found in subjects.items():
        # Points first: what their labels mean decides how the rest is read.
        ordered = sorted(set(found), key=lambda subject: not subject.startswith("point:"))
        for start in range(0, len(ordered), SUBJECTS_AT_ONCE):
            rebuild_subjects(connection, school, ordered[start : start + SUBJECTS_AT_ONCE])
    write_setting(connection, name, wanted)
    return True
