"""整改通知书: one page to print, stamp and sign, with its reply below once there is one."""

import io
from datetime import date, datetime
from pathlib import Path

from client.reports.lines import Notice, Thumbnail
from client.reports.paper import FAMILY, Paper
from client.words import t

NAME_MM, LINE_MM = 30, 8
PHOTO_MM = 42
PHOTOS_AT_MOST = 4


def notice_pdf(notice: Notice, font: Path, thumbnail: Thumbnail) -> bytes:
    paper = Paper(font, t("reports.notice_foot", school=notice.school))
    paper.set_font(FAMILY, "B", 20)
    paper.cell(0, 12, notice.school, align="C", new_x="LMARGIN", new_y="NEXT")
    paper.cell(0, 13, t("reports.notice_title"), align="C", new_x="LMARGIN", new_y="NEXT")
    paper.set_font(FAMILY, size=11)
    number = notice.number or t("reports.number_waits")
    said = t("reports.notice_number", number=number)
    paper.cell(0, 9, said, align="R", new_x="LMARGIN", new_y="NEXT")
    to = notice.unit or notice.responsible or t("reports.whom_it_concerns")
    paper.cell(0, 9, t("reports.notice_to", to=to), new_x="LMARGIN", new_y="NEXT")
    paper.multi_cell(0, 7, t("reports.notice_opening"), new_x="LMARGIN", new_y="NEXT")
    paper.ln(2)
    for name, value in (
        ("inspected", notice.unit or notice.school),
        ("found_at", _moment(notice.found_at)),
        ("found_by", notice.found_by),
        ("place", notice.place),
        ("content", notice.content),
        ("category", f"{notice.category} / {notice.grade}"),
        ("basis", notice.basis or t("reports.basis_general")),
        ("measure", notice.measure),
        ("protection", notice.protection),
        ("deadline", _day(notice.deadline)),
        ("responsible", notice.responsible),
    ):
        _row(paper, t(f"reports.notice_{name}"), value)
    _photos(paper, t("reports.column_before"), notice.before, thumbnail)
    paper.ln(4)
    _signatures(
        paper,
        t("reports.issued_by", person=notice.issued_by),
        t("reports.received_by", at=_moment(notice.acknowledged_at)),
        _day(notice.issued_at),
    )
    paper.set_font(FAMILY, "B", 13)
    paper.ln(3)
    paper.cell(0, 9, t("reports.reply_title"), new_x="LMARGIN", new_y="NEXT")
    paper.set_font(FAMILY, size=11)
    _row(paper, t("reports.reply_done"), notice.done)
    _row(paper, t("reports.reply_at"), _moment(notice.done_at))
    _row(paper, t("reports.reply_accepted"), _accepted(notice))
    _photos(paper, t("reports.column_after"), notice.after, thumbnail)
    return paper.bytes_of()


def _accepted(notice: Notice) -> str:
    return " ".join(part for part in (notice.accepted_by, _moment(notice.accepted_at)) if part)


def _row(paper: Paper, name: str, value: str) -> None:
    """A framed pair; the value wraps and the frame follows it."""
    width = paper.epw - NAME_MM
    lines = paper.multi_cell(
        width, LINE_MM, value or " ", dry_run=True, output="LINES", padding=(0, 1)
    )
    height = LINE_MM * max(1, len(lines) if isinstance(lines, list) else 1)
    if paper.will_page_break(height):
        paper.add_page()
    top = paper.get_y()
    paper.set_font(FAMILY, "B", 11)
    paper.multi_cell(NAME_MM, height, name, border=1, align="C", new_x="RIGHT", new_y="TOP")
    paper.set_font(FAMILY, size=11)
    paper.rect(paper.get_x(), top, width, height)
    paper.multi_cell(width, LINE_MM, value or " ", padding=(0, 1), new_x="LMARGIN", new_y="NEXT")
    paper.set_y(top + height)


def _photos(paper: Paper, title: str, hashes: tuple[str, ...], thumbnail: Thumbnail) -> None:
    found = [data for data in map(thumbnail, hashes[:PHOTOS_AT_MOST]) if data]
    if not found:
        return
    if paper.will_page_break(PHOTO_MM + 10):
        paper.add_page()
    paper.ln(2)
    paper.cell(0, 7, title, new_x="LMARGIN", new_y="NEXT")
    top = paper.get_y()
    for place, data in enumerate(found):
        left = paper.l_margin + place * (PHOTO_MM + 3)
        paper.image(io.BytesIO(data), left, top, PHOTO_MM, PHOTO_MM * 0.75, keep_aspect_ratio=True)
    paper.set_y(top + PHOTO_MM * 0.75 + 2)


def _signatures(paper: Paper, issued: str, received: str, day: str) -> None:
    """Left who issued it, with room for the stamp; right who received it."""
    height = 34
    if paper.will_page_break(height):
        paper.add_page()
    top, half = paper.get_y(), paper.epw / 2
    for left, said, below in (
        (paper.l_margin, issued, t("reports.stamp_here")),
        (paper.l_margin + half, received, t("reports.sign_here")),
    ):
        paper.rect(left, top, half, height)
        paper.set_xy(left + 2, top + 2)
        paper.multi_cell(half - 4, 7, said)
        paper.set_xy(left + 2, top + height - 16)
        paper.set_text_color(150, 150, 150)
        paper.multi_cell(half - 4, 6, below)
        paper.set_text_color(30, 36, 34)
    paper.set_xy(paper.l_margin + 2, top + height - 9)
    paper.cell(half - 4, 7, day, align="R")
    paper.set_xy(paper.l_margin, top + height + 1)


def _moment(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M") if at else ""


def _day(day: date | datetime | None) -> str:
    return day.strftime("%Y-%m-%d") if day else ""
