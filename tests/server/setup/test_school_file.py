"""A real school comes from a file that says what is wrong with it and writes only differences."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_core import from_json
from sqlalchemy import func, select

from ledger.command import CommandError
from ledger.rules.places import SchoolSet
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from server.accounts.schools import add_school
from server.clock import utc_now
from server.commands import register
from server.district import District
from server.settings import Settings
from server.setup.changes import changes
from server.setup.people import deactivate, devices
from server.setup.reading import WrongFile, parse_school_file
from server.setup.template import TEMPLATE
from tests.server.school import SCHOOL, TEACHER, admit, found_school


@pytest.fixture
def data(tmp_path: Path) -> Path:
    district = District(Settings(data=str(tmp_path)), utc_now)
    add_school(district.journal, "000H", SchoolSet(name="示例学校", district="示范区"))
    district.close()
    return tmp_path


@pytest.fixture
def district(data: Path) -> Iterator[District]:
    district = District(Settings(data=str(data)), utc_now)
    yield district
    district.close()


def xunan(data: Path, *words: str) -> int:
    import argparse

    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    arguments = parser.parse_args([*words, "--data", str(data)])
    return arguments.run(arguments)


def load(data: Path, text: str, *words: str) -> int:
    file = data / "school.toml"
    file.write_text(text, "utf-8")
    return xunan(data, "school", "load", str(file), *words)


def entries(district: District) -> int:
    with district.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(ENTRY)) or 0


def problems(district: District, text: str) -> str:
    with pytest.raises(WrongFile) as caught, district.database.read() as connection:
        changes(connection, parse_school_file(text))
    return str(caught.value)


def test_the_template_loads_and_a_second_time_changes_nothing(
    data: Path, district: District, capsys: pytest.CaptureFixture[str]
):
    before = entries(district)
    load(data, TEMPLATE, "--dry-run")
    assert "add point p01 正门" in capsys.readouterr().out and entries(district) == before
    load(data, TEMPLATE)
    assert "issue a label for point p02 门卫室" in capsys.readouterr().out
    assert entries(district) == before + 4 + 1 + 2 + 1 + 1 + 2
    load(data, TEMPLATE)
    assert capsys.readouterr().out == "nothing to change\n"
    assert entries(district) == before + 11


def test_only_what_differs_is_written_and_the_rest_is_left(
    data: Path, district: District, capsys: pytest.CaptureFixture[str]
):
    load(data, TEMPLATE)
    before = entries(district)
    text = TEMPLATE.replace('name = "正门"', 'name = "东门"')
    text = text.replace('name = "王老师"', 'name = "王老师"\nactive = false')
    text = text.replace('staff = ["s02", "s03"]', 'staff = ["s02"]')
    at, to = text.index('    { id = "2"'), text.index(']\n\n[[points]]\nid = "p02"')
    text = text[:at] + text[to:]
    capsys.readouterr()
    load(data, text)
    out = capsys.readouterr().out
    assert "end staff s03" in out and "change point p01 东门: name, items" in out
    assert "change plan daily 日巡查: staff" in out and entries(district) == before + 3
    with district.database.read() as connection:
        point = RECORDS["point"]
        detail = connection.scalar(select(point.c.detail).where(point.c.id == "p01"))
    assert from_json(detail or "{}")["items"][1]["retired"] is True
    load(data, TEMPLATE.split("[[plans]]")[0].split("[[points]]")[0].replace("李安全", "李安"))
    out = capsys.readouterr().out
    assert "not in the file, left as it is: points p01 东门" in out and "1 written" in out


def test_every_problem_is_named_with_its_place_and_nothing_is_written(
    data: Path, district: District
):
    before = entries(district)
    text = (
        TEMPLATE.replace('area = "gate"\nrisk = "red"', 'area = "gatte"\nrisk = "pink"')
        .replace('["teacher"]', '["principle"]')
        .replace('opens = "06:30"', 'opens = "6:30"')
        .replace('points = ["p01", "p02"]', 'points = ["p01", "p09"]')
        .replace('responsible = "s02"', 'responsible = "s77"')
    )
    said = problems(district, text)
    for place in ("points 1 (p01), risk", "staff 3 (s03), roles, 1", "windows, 1, opens"):
        assert place in said
    assert "areas 1 (gate): there is no staff s77" in said
    from ledger.command import CommandError

    with pytest.raises(CommandError, match="nothing was written"):
        load(data, text)
    assert entries(district) == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[school]", "[schol]", "[school]"),
        ('code = "000H"', 'code = "ZZZZ"', "no school ZZZZ"),
        ('id = "s02"', 'id = "s01"', "this id is there twice"),
        ('id = "s02"', 'id = "s:2"', "staff 2 (s:2): id must"),
        ("measure = ", "mesure = ", "points 1 (p01), items 1: there is no field mesure"),
        ("rhythm", "rythm", "there is no field rythm"),
        ('["p01", "p02"]', '["p01", "p01"]', "names p01 twice"),
        ('["p01", "p02"]', '["p01", "p09"]', "plans 1 (daily): there is no point p09"),
        ('area = "gate"', 'area = "gate"\nretired = true', "point p01 has ended"),
        ('["principal"]', '["server"]', "nobody can have the role server"),
        ("order = 1", "order = = 1", "not TOML"),
        ("[[areas]]", "[areas]", "[[areas]]"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(district: District, old: str, new: str, said: str):
    assert said in problems(district, TEMPLATE.replace(old, new))


def test_files_that_are_none(data: Path):
    from ledger.command import CommandError

    (data / "x.toml").write_bytes(b"\xff\xfe\x00")
    for name in ("x.toml", "missing.toml", "."):
        with pytest.raises(CommandError):
            xunan(data, "school", "load", str(data / name))


def test_a_school_decides_whom_to_call_and_when_a_pupil_is_missing(
    data: Path, district: District, capsys: pytest.CaptureFixture[str]
):
    steps = 'ladder = [{ minutes = 5, call = ["principal"] }]'
    assert load(data, f'[school]\ncode = "000H"\n{steps}\n') == 0
    assert "change school 000H: ladder" in capsys.readouterr().out
    with district.database.read() as connection:
        detail = connection.scalar(
            select(RECORDS["school"].c.detail).where(RECORDS["school"].c.id == "000H")
        )
    assert from_json(detail or "")["ladder"] == [{"minutes": 5, "call": ["principal"]}]

    slips = 'ladder = [{ minuts = 5, minutes = -1, call = ["headmaster"] }]'
    told = f'[school]\ncode = "000H"\n{slips}\n'
    with pytest.raises(WrongFile) as unread:
        parse_school_file(told)
    assert "school, ladder 1: there is no field minuts" in str(unread.value)
    said = problems(district, told.replace("minuts = 5, ", ""))
    assert "[school], ladder, 1, minutes" in said and "[school], ladder, 1, call, 1" in said


def test_the_template_never_overwrites(tmp_path: Path):
    import argparse

    from ledger.command import CommandError

    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    words = ["school", "template", "-o", str(tmp_path / "s.toml")]
    arguments = parser.parse_args(words)
    assert arguments.run(arguments) == 0
    assert (tmp_path / "s.toml").read_text("utf-8") == TEMPLATE
    with pytest.raises(CommandError):
        arguments.run(arguments)


def test_who_leaves_is_inactive_and_their_device_is_listed(district: District):
    found_school(district)
    device, _ = admit(district, TEACHER)
    assert deactivate(district.journal, SCHOOL, TEACHER) == "陈晓"
    before = entries(district)
    deactivate(district.journal, SCHOOL, TEACHER)
    assert entries(district) == before
    with pytest.raises(LookupError):
        deactivate(district.journal, SCHOOL, "nobody")
    with district.database.read() as connection:
        (listed,) = devices(connection, SCHOOL)
    assert (listed.id, listed.person, listed.revoked_at) == (device.id, "陈晓", "")
    assert listed.last_contact


CONDITIONS = """
[[conditions]]
id = "local-1"
category = "fire"
name = "充电柜放在教学楼内"
basis = "区里要求"
"""


def conditions_of(district: District, school: str) -> dict[str, str]:
    table = RECORDS["condition"]
    with district.database.read() as connection:
        rows = connection.execute(select(table.c.id, table.c.name).where(table.c.school == school))
        return {row.id: row.name for row in rows}


def load_conditions(data: Path, text: str, *words: str) -> int:
    file = data / "conditions.toml"
    file.write_text(text, "utf-8")
    return xunan(data, "conditions", "load", str(file), *words)


def test_a_districts_conditions_reach_all_its_schools_and_once(
    data: Path, district: District, capsys: pytest.CaptureFixture[str]
):
    found_school(district, SCHOOL)
    load_conditions(data, CONDITIONS, "--dry-run")
    assert "2 would be written at 2 schools" in capsys.readouterr().out
    assert conditions_of(district, SCHOOL) == {}
    load_conditions(data, CONDITIONS)
    assert f"{SCHOOL}: add condition local-1 充电柜放在教学楼内" in capsys.readouterr().out
    for school in (SCHOOL, "000H"):
        assert conditions_of(district, school) == {"local-1": "充电柜放在教学楼内"}
    before = entries(district)
    load_conditions(data, CONDITIONS)
    assert capsys.readouterr().out == "nothing to change\n" and entries(district) == before
    load_conditions(data, CONDITIONS + "retired = true\n")
    assert "end condition local-1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no [[conditions]]"),
        (CONDITIONS + "[school]\ncode = '000H'\n", "only [[conditions]] belong here"),
        (CONDITIONS.replace('"fire"', '"weather"'), "category"),
        (CONDITIONS.replace('"充电柜放在教学楼内"', '""'), "name"),
        (CONDITIONS.replace("local-1", "../x"), "id must be"),
        (CONDITIONS + CONDITIONS, "twice"),
        (CONDITIONS + "grade = 'major'\n", "no field grade"),
        ("conditions = 3", "[[conditions]]"),
        ("[[conditions", "not TOML"),
    ],
)
def test_a_wrong_list_of_conditions_is_told_and_nothing_written(
    data: Path, district: District, text: str, said: str
):
    with pytest.raises(CommandError, match=re.escape(said)):
        load_conditions(data, text)
    assert conditions_of(district, "000H") == {}
