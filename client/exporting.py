"""Documents of hazards, from whichever database holds them: for the screens and for `xunan export`.

Everything is made from this side's own records, without a network.
"""

import argparse
import getpass
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, select

from client.printing import SERVER_DATA, journal_of, school_code, write_file
from client.reports.ledger_pdf import ledger_pdf
from client.reports.ledger_xlsx import ledger_xlsx
from client.reports.lines import LedgerLine, LedgerSheet, Notice, Thumbnail
from client.reports.notice import notice_pdf
from client.settings import FONT
from client.store.conditions import conditions
from client.store.hazards import Known, hazard_line
from client.store.places import CHINA_MINUTES, school
from client.words import t
from ledger.command import CommandError
from ledger.rules.hazards.conditions import grounds
from ledger.rules.hazards.figures import school_year_bounds
from ledger.tables import RECORDS

_HAZARD = RECORDS["hazard"]


def ledger_sheet(
    connection: Connection, school_id: str, year: int, exporter: str, now: datetime
) -> LedgerSheet:
    """A school year's hazards, oldest first; closed ones stay."""
    place = school(connection, school_id)
    offset = place.utc_offset_minutes if place else CHINA_MINUTES
    first, after = school_year_bounds(year, offset)
    known = Known(connection, school_id, now)
    rows = connection.execute(
        select(_HAZARD)
        .where(
            _HAZARD.c.school == school_id,
            _HAZARD.c.reported_at >= first,
            _HAZARD.c.reported_at < after,
        )
        .order_by(_HAZARD.c.reported_at, _HAZARD.c.id)
    )
    return LedgerSheet(
        school=place.name if place else school_id,
        year=year,
        exporter=exporter,
        exported_at=now.astimezone(known.zone),
        lines=tuple(_line(row, known) for row in rows),
    )


def _line(row: Any, known: Known) -> LedgerLine:
    line, detail = hazard_line(row, known), from_json(row.detail)
    return LedgerLine(
        number=line.number,
        source=t(f"hazards.source_{line.source.value}"),
        found_at=line.reported_at,
        place=line.place,
        content=line.content,
        category=t(f"hazards.category_{line.category.value}"),
        grade=t(f"hazards.grade_{line.grade.value}"),
        measure=detail["measure"],
        unit=detail["unit"],
        responsible=line.responsible_name,
        deadline=line.deadline,
        funds=float(detail["funds"]),
        protection=detail["protection"],
        state=t(f"hazards.state_{line.state.value}"),
        done_at=known.time(row.done_at),
        accepted_by=str(known.staff.get(detail["accepted_by"], detail["accepted_by"])),
        closed_at=known.time(row.closed_at),
        before=_hashes(detail, "before"),
        after=_hashes(detail, "after"),
    )


def _hashes(detail: Mapping[str, Any], use: str) -> tuple[str, ...]:
    return tuple(photo["hash"] for photo in detail["photos"] if photo["use"] == use)


def notice_of(connection: Connection, school_id: str, row: Any, now: datetime) -> Notice:
    """The notice of one hazard's row."""
    known, detail = Known(connection, school_id, now), from_json(row.detail)
    line, place = hazard_line(row, known), school(connection, school_id)

    def name(id: str) -> str:
        return str(known.staff.get(id, id))

    return Notice(
        school=place.name if place else school_id,
        number=line.number,
        found_at=line.reported_at,
        found_by=line.reporter_name,
        place=line.place,
        content=line.content,
        category=t(f"hazards.category_{line.category.value}"),
        grade=t(f"hazards.grade_{line.grade.value}"),
        basis=grounds(conditions(connection, school_id), detail["condition"], detail["basis"]),
        measure=detail["measure"],
        protection=detail["protection"],
        deadline=line.deadline,
        responsible=line.responsible_name,
        unit=detail["unit"],
        issued_by=name(detail["assigned_by"]),
        issued_at=known.time(detail["assigned_at"]),
        acknowledged_at=known.time(detail["acknowledged_at"]),
        done=detail["done"],
        done_at=known.time(row.done_at),
        accepted_by=name(detail["accepted_by"]),
        accepted_at=known.time(detail["accepted_at"]),
        before=_hashes(detail, "before"),
        after=_hashes(detail, "after"),
    )


def ledger_document(sheet: LedgerSheet, ending: str, font: Path, thumbnail: Thumbnail) -> bytes:
    """`ending` is "xlsx" or "pdf"."""
    return ledger_pdf(sheet, font) if ending == "pdf" else ledger_xlsx(sheet, thumbnail)


def export_ledger(arguments: argparse.Namespace) -> int:
    """`xunan export ledger`."""
    code, output = school_code(arguments.school), arguments.output
    ending = output.suffix.lower().removeprefix(".")
    if ending not in ("xlsx", "pdf"):
        raise CommandError(f"{output} must end in .xlsx or .pdf")
    now, by = datetime.now(UTC), arguments.by or getpass.getuser()
    with journal_of(arguments.database, arguments.profile, code) as (connection, place):
        sheet = ledger_sheet(connection, code, arguments.year, by, now)
        document = ledger_document(sheet, ending, FONT, thumbnails_at(place, code))
    write_file(output, document)
    print(f"{output}: {len(sheet.lines)} hazards of {arguments.year}–{arguments.year + 1}")
    return 0


def export_notice(arguments: argparse.Namespace) -> int:
    """`xunan export notice`."""
    code, output = school_code(arguments.school), arguments.output
    if output.suffix.lower() != ".pdf":
        raise CommandError(f"{output} must end in .pdf")
    with journal_of(arguments.database, arguments.profile, code) as (connection, place):
        wanted = arguments.hazard.strip()
        row = connection.execute(
            select(_HAZARD).where(
                _HAZARD.c.school == code,
                (_HAZARD.c.number == wanted) | (_HAZARD.c.id == wanted),
            )
        ).first()
        if row is None:
            raise CommandError(f"school {code} has no hazard {wanted!r}")
        notice = notice_of(connection, code, row, datetime.now(UTC))
        document = notice_pdf(notice, FONT, thumbnails_at(place, code))
    write_file(output, document)
    print(f"{output}: {notice.number or wanted}")
    return 0


def thumbnails_at(place: str, school_id: str) -> Thumbnail:
    """Small photos beside the database: a device's folder, or a server's, one per school."""
    data = Path(SERVER_DATA) if "://" in place else Path(place).parent
    roots = (data / "photos", data / "photos" / school_id)

    def look(hash: str) -> bytes | None:
        for root in roots:
            for ending in (".thumb.jpg", ".jpg"):
                path = root / hash[:2] / (hash + ending)
                if path.is_file():
                    return path.read_bytes()
        return None

    return look
