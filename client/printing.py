"""`xunan labels`: a school's labels as a PDF, from whichever database holds its points."""

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, select

from client.actions.labels import labels_of
from client.labels import Label
from client.labels.sheet import draw_sheet
from client.settings import FONT, ClientSettings
from client.store.places import point
from ledger.codes import school_number
from ledger.command import CommandError
from ledger.reading import UnreadableJournal, open_journal
from ledger.tables import RECORDS

SERVER_DATA = "storage/server"
SERVER_FILE = "district.sqlite3"


def print_labels(arguments: argparse.Namespace) -> int:
    school = school_code(arguments.school)
    with journal_of(arguments.database, arguments.profile, school) as (connection, _):
        labels = _chosen(connection, school, arguments.point)
    # Drawn before the file is touched; and the old file stays until the new one is whole.
    sheet = draw_sheet(labels, FONT)
    write_file(arguments.output, sheet)
    print(f"{arguments.output}: {len(labels)} labels")
    return 0


def school_code(text: str) -> str:
    code = text.strip().upper()
    try:
        school_number(code)
    except ValueError:
        raise CommandError(f"{text!r} is no school's code: it has four characters") from None
    return code


@contextmanager
def journal_of(given: str | None, profile: str, school: str) -> Iterator[tuple[Connection, str]]:
    """The given database, and where it is; else the first of this machine's own that knows the
    school."""
    places = [given] if given else [place for place in _own_places(profile) if _exists(place)]
    if not places:
        raise CommandError("this machine holds no journal; name one with --database")
    known: set[str] = set()
    for place in places:
        try:
            with open_journal(place) as connection:
                there = set(connection.scalars(select(RECORDS["school"].c.school)))
                if school in there:
                    yield connection, place
                    return
                known |= there
        except UnreadableJournal as error:
            raise CommandError(str(error)) from error
    others = f"it holds {', '.join(sorted(known))}" if known else "it holds none"
    raise CommandError(f"no school {school} in {' or '.join(places)}; {others}")


def _own_places(profile: str) -> list[str]:
    """This device's database, then the one a server on this machine would use."""
    folder = os.environ.get("XUNAN_DATA") or SERVER_DATA
    server = os.environ.get("DATABASE_URL") or str(Path(folder) / SERVER_FILE)
    return [str(ClientSettings.from_environment(profile).database), server]


def _exists(place: str) -> bool:
    return "://" in place or Path(place).exists()


def _chosen(connection: Connection, school: str, wanted: Sequence[str]) -> list[Label]:
    for id in wanted:
        found = point(connection, school, id)
        if found is None:
            raise CommandError(f"school {school} has no point {id!r}")
        if found.label is None:
            raise CommandError(f"point {id!r} has no label yet")
    labels = labels_of(connection, school, wanted)
    if not labels:
        raise CommandError(f"school {school} has no labels to print yet")
    return labels


def write_file(output: Path, content: bytes) -> None:
    partial = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        try:
            partial.write_bytes(content)
            partial.replace(output)
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(f"cannot write {output}: {error.strerror or error}") from error
