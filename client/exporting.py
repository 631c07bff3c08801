"""Documents of hazards, from whichever database holds them: for the screens and for `xunan export`.

Everything is made from this side's own records, without a network.
"""

import argparse
import getpass
from collections.abc import Sequence
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
from client.store.hazard_lists import HazardColumn, HazardFilter, Shown
from client.store.hazard_views import HazardLine
from client.store.hazards import Known, every_hazard, hazard_line
from client.store.places import names, school, zone_of
from client.words import t
from ledger.command import CommandError
from ledger.tables import RECORDS

_HAZARD = RECORDS["hazard"]


def ledger_sheet(
    connection: Connection,
    school_id: str,
    wanted: HazardFilter,
    columns: Sequence[HazardColumn],
    exporter: str,
    now: datetime,
    actor: str = "",
) -> LedgerSheet:
    """The hazards of a list, in its order and with these columns; none named means all."""
    place = school(connection, school_id)
    lines = every_hazard(connection, school_id, wanted, now, actor)
    return LedgerSheet(
        school=place.name if place else school_id,
        year=wanted.school_year,
        exporter=exporter,
        exported_at=now.astimezone(zone_of(connection, school_id)),
        lines=tuple(ledger_line(line) for line in lines),
        columns=tuple(one.value for one in columns),
        filtered=filter_words(connection, school_id, wanted),
    )


def filter_words(connection: Connection, school_id: str, wanted: HazardFilter) -> str:
    """What a list was narrowed to, so that nobody takes a part for the whole."""
    parts = [t(f"hazards.list_{wanted.shown.value}")] if wanted.shown is not Shown.ALL else []
    if wanted.category is not None:
        parts.append(t(f"hazards.category_{wanted.category.value}"))
    if wanted.grade is not None:
        parts.append(t(f"hazards.grade_{wanted.grade.value}"))
    if wanted.state is not None:
        parts.append(t(f"hazards.state_{wanted.state.value}"))
    if wanted.area:
        parts.append(names(connection, school_id, "area").get(wanted.area, wanted.area))
    if wanted.person:
        parts.append(names(connection, school_id, "staff").get(wanted.person, wanted.person))
    if wanted.search:
        parts.append(t("reports.searched", text=wanted.search))
    return " · ".join(parts)


def ledger_line(line: HazardLine) -> LedgerLine:
    """A line as documents say it: words in place of choices."""
    return LedgerLine(
        number=line.number,
        source=t(f"hazards.source_{line.source.value}"),
        found_at=line.reported_at,
        place=line.place,
        content=line.content,
        category=t(f"hazards.category_{line.category.value}"),
        grade=t(f"hazards.grade_{line.grade.value}"),
        basis=line.basis,
        measure=line.measure,
        unit=line.unit,
        responsible=line.responsible_name,
        deadline=line.deadline,
        funds=line.funds,
        protection=line.protection,
        state=t(f"hazards.state_{line.state.value}"),
        done_at=line.done_at,
        accepted_by=line.accepted_by_name,
        closed_at=line.closed_at,
        before=line.before,
        after=line.after,
    )


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
        basis=line.basis,
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
        before=line.before,
        after=line.after,
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
        wanted = HazardFilter(
            shown=Shown.ALL, school_year=arguments.year, order=HazardColumn.FOUND_AT
        )
        sheet = ledger_sheet(connection, code, wanted, (), by, now)
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
