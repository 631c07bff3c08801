"""A roster comes in by the command: shown, confirmed, written once, and never half."""

import io
import sys
from pathlib import Path
from string import Formatter

import pytest
from sqlalchemy import func, select

from ledger import command
from ledger.reading import open_journal
from ledger.roster.problems import Trouble
from ledger.roster.rows import read_roster
from ledger.roster.sheet import read_workbook
from ledger.scopes import NOWHERE
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from ledger.verify import verify_journal
from server.district import District
from server.roster.importing import write_roster
from server.roster.sentences import SENTENCES
from tests.ledger.roster.sheets import LI, OUYANG, WANG, workbook
from tests.server.school import SCHOOL


def test_pupils_are_written_for_their_audiences_and_moves_for_both(district: District) -> None:
    first = read_roster(read_workbook(workbook([LI, WANG, OUYANG])))
    write_roster(district.journal, SCHOOL, first, keep_missing=False)
    home = (*LI[:4], "", "", "", "", "")
    plan = write_roster(
        district.journal,
        SCHOOL,
        read_roster(read_workbook(workbook([home, WANG]))),
        keep_missing=False,
    )
    assert (len(plan.moved), len(plan.removed), plan.unchanged) == (1, 1, 1)
    with district.database.read() as connection:
        entries = connection.execute(
            select(ENTRY.c.kind, ENTRY.c.scope, ENTRY.c.verdict).where(
                ENTRY.c.subject.like("student:%")
            )
        ).all()
        student = RECORDS["student"]
        gone = connection.scalars(select(student.c.until).where(student.c.until != "")).all()
    assert {one.verdict for one in entries} == {"accepted"} and len(gone) == 1
    last = entries[-3:]
    assert [one.kind for one in last] == ["student.left", "student.set", "student.left"]
    assert last[0].scope == entries[0].scope
    assert last[1].scope == f"pupils:{SCHOOL}:{NOWHERE}:701"


def test_the_command_shows_asks_writes_once_and_erases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = ("--database", f"sqlite:///{tmp_path}/d.sqlite3")

    def xunan(*words: str, stdin: str = "") -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        assert command.main([*words, *database]) == 0
        return capsys.readouterr().out

    code = xunan("school", "add", "--number", "33", "--name", "甲").strip()
    file = tmp_path / "r.xlsx"
    file.write_bytes(workbook([LI, (*WANG[:7], "1", ""), OUYANG]))
    words = ("import", "roster", str(file), "--school", code)
    shown = xunan(*words, stdin="n\n")
    assert "add 1 李小明 701: building 一号楼, room 101, bed 1" in shown
    assert "学生, row 3: bed 1 of 一号楼 101 is 李小明's, row 2" in shown
    assert "nothing was written" in shown
    assert "4 would be written" in xunan(*words, "--dry-run")
    assert "4 written" in xunan(*words, stdin="y\n")
    assert "nothing to change" in xunan(*words, "--yes")
    erase = ("erase", "student", "--school", code, "--number", "3")
    assert "nothing was erased" in xunan(*erase)
    assert "1 entries erased" in xunan(*erase, "--yes")
    assert f"{code}: 0 pupils left" in xunan("erase", "expired", "--dry-run")
    with open_journal(tmp_path / "d.sqlite3") as connection:
        report = verify_journal(connection)
        assert report.broken is None and report.erased == 1
        left = connection.scalar(select(func.count()).select_from(RECORDS["student"]))
    assert left == 1
    assert command.main(["import", "roster", "none.xlsx", "--school", code]) == 1
    assert command.main(["import", "roster", str(file), "--school", "XX99", *database]) == 1


def test_the_template_is_written_once(tmp_path: Path) -> None:
    words = ["import", "template", "-o", str(tmp_path / "roster.xlsx")]
    assert command.main(words) == 0
    before = (tmp_path / "roster.xlsx").read_bytes()
    assert command.main(words) == 1 and (tmp_path / "roster.xlsx").read_bytes() == before


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_a_sentence(trouble: Trouble) -> None:
    fields = {name for _, name, _, _ in Formatter().parse(SENTENCES[trouble]) if name}
    assert fields <= {
        "limit",
        "count",
        "column",
        "value",
        "room",
        "building",
        "number",
        "row",
        "name",
        "class_id",
        "bed",
        "floor",
    }
