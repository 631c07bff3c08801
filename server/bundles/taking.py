"""Taking in a bundle, whoever brings it.

Trusted is not the carrier but the author's signed head: it is checked with the author's key, and
every entry leads to it. The whole file is checked before anything is stored; what is here already
gets the same answer again.
"""

from collections import Counter
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, select
from sqlalchemy.exc import NoResultFound

from ledger.bundle.format import (
    BundleForeign,
    BundleNotGenuine,
    check_whole,
    read_line,
)
from ledger.bundle.reading import Opened, open_bundle, photos_in
from ledger.keys import DeviceKey, head_is_genuine
from ledger.verdicts import Verdict
from ledger.wire.bundles import BundleTaken
from ledger.wire.journal import SentEntry
from server.journal.append import Sender
from server.journal.arrivals import read_arrivals
from server.journal.journal import Journal
from server.journal.own_hand import read_own_key
from server.photos.store import NotThePhoto, PhotoStore
from server.tables import DEVICE

ENTRIES_AT_ONCE = 1000


def take_bundle(journal: Journal, photos: PhotoStore, path: Path) -> BundleTaken:
    """Raises `BundleError`, and then has changed nothing; and `ShelfFailed` when a photo could not
    be kept: then try again."""
    with path.open("rb") as file:
        check_whole(file)
        file.seek(0)
        key = _key_for(journal, file)
        file.seek(0)
        opened = open_bundle(file, key)
        with journal.database.read() as connection:
            sender = _author(connection, opened)
        verdicts = _append(journal, sender, opened)
        file.seek(0)
        kept = _keep_photos(photos, sender, file, key)
    return BundleTaken(
        id=opened.line.id,
        entries=len(opened.entries),
        accepted=verdicts[Verdict.ACCEPTED],
        held=verdicts[Verdict.HELD],
        refused=verdicts[Verdict.REFUSED],
        photos=kept,
    )


def _key_for(journal: Journal, file: BinaryIO) -> DeviceKey:
    """The key of the school the bundle says it is for."""
    line, _ = read_line(file)
    with journal.database.read() as connection:
        try:
            return read_own_key(connection, line.school).key
        except NoResultFound as error:
            raise BundleForeign(f"there is no school {line.school} here") from error


def _author(connection: Connection, opened: Opened) -> Sender:
    """The device whose head it is, when it may write for this school."""
    head = opened.head
    row = connection.execute(select(DEVICE).where(DEVICE.c.id == head.device)).one_or_none()
    if row is None or row.school != opened.line.school:
        raise BundleNotGenuine("its device is not of this school")
    if row.revoked_at is not None:
        raise BundleNotGenuine("its device is revoked")
    if not head_is_genuine(head, row.public_key):
        raise BundleNotGenuine("its head is not signed by its device")
    return Sender(row.school, row.id, row.actor)


def _append(journal: Journal, sender: Sender, opened: Opened) -> Counter[Verdict]:
    """As a push of the author's would, a thousand entries to a transaction."""
    sent = [
        SentEntry(
            header=entry.header_bytes.decode(),
            body=None if entry.body_bytes is None else entry.body_bytes.decode(),
        )
        for entry in opened.entries
    ]
    # One that has lost its body counts as still missing: what follows it waits for its author.
    arrivals = [one for one in read_arrivals(sent, opened.head) if one.body is not None]
    verdicts: Counter[Verdict] = Counter()
    for start in range(0, len(arrivals), ENTRIES_AT_ONCE):
        some = arrivals[start : start + ENTRIES_AT_ONCE]
        last = start + len(some) == len(arrivals)
        with journal.append(sender.school) as work:
            # Once more under the school's lock: it may have been revoked just now.
            _author(work.connection, opened)
            appended = work.add(sender, some, opened.head if last else None)
        verdicts.update(receipt.verdict for receipt in appended.receipts)
    return verdicts


def _keep_photos(photos: PhotoStore, sender: Sender, file: BinaryIO, key: DeviceKey) -> int:
    """Those that an entry of the author's names and that are not here yet; how many."""
    kept = 0
    for hash, jpeg in photos_in(file, key):
        if photos.held(sender.school, [hash]) or not photos.may_send(sender, hash):
            continue
        try:
            photos.keep(sender, hash, jpeg)
        except NotThePhoto:
            continue
        kept += 1
    return kept
