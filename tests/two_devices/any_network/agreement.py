"""What must be true once everybody could sync: looked up in the databases themselves."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, false, or_, select

from client.store.identity import own_devices
from client.store.queue import PAGE_ROWS, queue
from ledger.rules.dorms.statuses import ACCOUNTED
from ledger.scopes import reads
from ledger.sealing import opened_text
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from ledger.verdicts import Reason, Verdict
from ledger.verify import verify_journal
from server.tables import PHOTO
from tests.server.school import SCHOOL
from tests.two_devices.any_network.ground import Ground
from tests.two_devices.any_network.phone import Phone


async def check_agreement(ground: Ground, phones: Iterable[Phone]) -> None:
    """Everything the docs promise of a quiet district (docs/trust.md)."""
    some = list(phones)
    with ground.district.database.read() as there:
        report = verify_journal(there)
        assert report.broken is None, f"the server's journal: {report.broken}"
        for phone in some:
            await phone.store.read(lambda here, phone=phone: same_records(there, here, phone))
            await author_can_read(there, phone)
        senders = {device for phone in some for device in await _own_devices(phone)}
        _photos_are_whole(ground, there, senders)
        _no_night_was_closed_with_a_gap(there)


async def _own_devices(phone: Phone) -> list[str]:
    """The present id and those of keys before it: a photo can be sent under any of them."""
    me = await phone.me()
    return await phone.store.read(lambda c: own_devices(c, me))


def same_records(there: Connection, here: Connection, phone: Phone) -> None:
    report = verify_journal(here)
    assert report.broken is None, f"{phone.name}: {report.broken}"
    grants = here.exec_driver_sql("SELECT scope FROM cursor").scalars().all()
    ours, theirs = _accepted(here, grants), _accepted(there, grants)
    missing, extra = theirs.keys() - ours.keys(), ours.keys() - theirs.keys()
    assert not missing, f"{phone.name} lacks {[theirs[id][2] for id in missing]}"
    assert not extra, f"{phone.name} has what the server has not: {[ours[id][2] for id in extra]}"
    for id, (seq, remarks, kind) in theirs.items():
        assert ours[id][:2] == (seq, remarks), f"{phone.name}: {kind} {id}"
    subjects = {row[0] for row in there.execute(select(ENTRY.c.subject).where(_in(grants)))}
    for name, table in RECORDS.items():
        there_rows = _rows(there, table, subjects)
        here_rows = _rows(here, table, subjects)
        for key in there_rows.keys() | here_rows.keys():
            one, other = there_rows.get(key), here_rows.get(key)
            assert one == other, f"{phone.name}, {name} {key}:\n server {one}\n device {other}"


def _in(grants: Collection[str]) -> Any:
    return (
        (ENTRY.c.school == SCHOOL)
        & or_(false(), *(reads(ENTRY.c.scope, grant) for grant in grants))
        & (ENTRY.c.verdict == Verdict.ACCEPTED.value)
    )


def _accepted(connection: Connection, grants: Collection[str]) -> dict[str, tuple[Any, ...]]:
    columns = (ENTRY.c.id, ENTRY.c.seq, ENTRY.c.remarks, ENTRY.c.kind)
    rows = connection.execute(select(*columns).where(_in(grants))).all()
    assert len({row.seq for row in rows}) == len(rows), "a place in the history taken twice"
    return {row.id: (row.seq, json.loads(row.remarks), row.kind) for row in rows}


def _rows(
    connection: Connection, table: Any, subjects: Collection[str] | None = None
) -> dict[tuple[Any, ...], dict[str, Any]]:
    found = {}
    for row in connection.execute(select(table).where(table.c.school == SCHOOL)):
        values = dict(row._mapping)
        if subjects is not None and values["subject"] not in subjects:
            continue
        if "detail" in values:
            values["detail"] = json.loads(opened_text(connection, values["detail"]))
        found[tuple(values[column.name] for column in table.primary_key)] = values
    return found


async def author_can_read(there: Connection, phone: Phone) -> None:
    """Every entry this device ever called saved: here to the byte, answered, and where it was
    not accepted, with the server's reason in the sync centre."""
    me = await phone.me()
    rows = await phone.store.read(lambda c: c.execute(select(ENTRY)).all())
    held = {row.id: row for row in rows}
    shown = {}
    page = 0
    while True:
        listed, total = await phone.store.read(lambda c, page=page: queue(c, me, (), page))
        shown |= {one.id: one for one in listed}
        page += 1
        if page * PAGE_ROWS >= total:
            break
    for saved in phone.saved.values():
        assert saved.id in held, f"{phone.name} lost {saved.kind} {saved.id}"
        row = held[saved.id]
        assert bytes(row.header) == saved.header
        if row.reason == Reason.RECORDED_AGAIN.value:
            again = [one for one in rows if _same_words(one, row)]
            assert len(again) == 1, f"{phone.name}: {saved.kind} went on {len(again)} times"
            continue
        assert row.verdict != Verdict.PENDING.value, f"{phone.name}: {saved.kind} was not answered"
        answers = there.execute(select(ENTRY).where(ENTRY.c.hash == row.hash)).all()
        assert len(answers) == 1, f"{phone.name}: {saved.kind} is there {len(answers)} times"
        told = answers[0]
        ours, theirs = ((one.verdict, one.reason, one.seq) for one in (row, told))
        assert ours == theirs, f"{phone.name}: of {saved.kind} the server says {theirs}, not {ours}"
        assert json.loads(row.remarks) == json.loads(told.remarks)
        assert saved.id in shown, f"{phone.name} does not show {saved.kind}"
        assert shown[saved.id].verdict == row.verdict
        assert (shown[saved.id].reason or "") == row.reason


def _same_words(one: Any, other: Any) -> bool:
    """The same act of the same person, written under the key that followed the lost one."""
    return (
        one.device != other.device
        and one.reason != Reason.RECORDED_AGAIN.value
        and (one.kind, one.subject, one.actor, one.at)
        == (other.kind, other.subject, other.actor, other.at)
    )


def _photos_are_whole(ground: Ground, there: Connection, senders: Collection[str]) -> None:
    """Of every accepted entry whose device can still send."""
    known = set(there.scalars(select(PHOTO.c.hash).where(PHOTO.c.school == SCHOOL)))
    rows = there.execute(
        select(ENTRY.c.header, ENTRY.c.device).where(
            ENTRY.c.school == SCHOOL, ENTRY.c.verdict == Verdict.ACCEPTED.value
        )
    )
    for row in rows:
        if row.device not in senders:
            continue
        for photo in json.loads(bytes(row.header))["photos"]:
            assert photo in known, f"the server does not have the photo {photo[:8]}"
            data = ground.district.photos.get(SCHOOL, photo)
            assert data is not None, f"the file of photo {photo[:8]} is gone"
            assert hashlib.sha256(data).hexdigest() == photo


@dataclass(slots=True)
class _Night:
    """One building's night as its entries tell it, without the rules."""

    saves: dict[str, tuple[dict[str, str], list[str]]] = field(default_factory=dict)
    """Entry → pupil → status, and the entries whose marks of these pupils it replaces."""

    def statuses(self, pupil: str) -> set[str]:
        mine = {id: save for id, save in self.saves.items() if pupil in save[0]}
        replaced = {one for _, over in mine.values() for one in over}
        return {save[0][pupil] for id, save in mine.items() if id not in replaced}


def _no_night_was_closed_with_a_gap(there: Connection) -> None:
    """Told from the entries alone: who closed accounted for everybody who lived there then, each
    had a mark, and who was missing by every mark had been looked for."""
    accepted = (ENTRY.c.school == SCHOOL) & ENTRY.c.seq.is_not(None)
    living: dict[str, str] = {}
    nights: defaultdict[str, _Night] = defaultdict(_Night)
    sought: set[tuple[str, str]] = set()
    for row in there.execute(select(ENTRY).where(accepted).order_by(ENTRY.c.seq)).all():
        body, parts = json.loads(bytes(row.body)) if row.body else {}, row.subject.split(":")
        night = nights[row.subject]
        match row.kind:
            case "student.set":
                living[parts[-1]] = body.get("building") or ""
            case "student.left":
                living.pop(parts[-1], None)
            case "room.marked":
                marks = {mark["student"]: mark["status"] for mark in body["marks"]}
                night.saves[row.id] = (marks, body.get("over", []))
            case "mark.corrected":
                night.saves[row.id] = ({body["student"]: body["status"]}, body.get("over", []))
            case "marks.withdrawn":
                night.saves.pop(body["entry"], None)
            case "missing.followed" | "missing.found":
                sought.add((parts[3], parts[4]))
            case "rollcall.closed":
                at_home = {one for one, home in living.items() if home == parts[1]}
                for pupil in at_home | set(body["expected"]):
                    told = night.statuses(pupil)
                    assert told, f"closed without a mark for {pupil}"
                    known = bool(told & ACCOUNTED) or (parts[2], pupil) in sought
                    assert known, f"closed, and nobody has looked for {pupil}"
            case _:
                pass
