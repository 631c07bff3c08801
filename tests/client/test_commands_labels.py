"""`xunan labels` prints what a phone reads, from any journal, or says why it can't."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pypdf
import pypdfium2
import pytest

from client.device.scanner import scanner_for_platform
from ledger import command
from ledger.codes import point_code_text
from ledger.tables.catalogue import LedgerTable
from server.district import District
from server.settings import Settings
from tests.client.device.scanner.scenes import encoded
from tests.server.school import SCHOOL, TOKENS, found_school

A4_DOTS_A_POINT = 2


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A server's database with the tiny school in it."""
    district = District(Settings(data=str(tmp_path / "server")))
    found_school(district)
    district.close()
    return tmp_path / "server" / "district.sqlite3"


@pytest.fixture
def printed(tmp_path: Path, journal: Path) -> Callable[..., int]:
    def run(*more: str, school: str = SCHOOL, database: Path = journal) -> int:
        sheet = str(tmp_path / "labels.pdf")
        return command.main(
            ["labels", "--school", school, "--database", str(database), *more, "-o", sheet]
        )

    return run


def _read(sheet: Path) -> list[str | None]:
    """What the scanner finds on each quarter of each page."""
    scanner = scanner_for_platform()
    texts = []
    for page in pypdfium2.PdfDocument(sheet):
        picture = page.render(scale=A4_DOTS_A_POINT).to_pil().convert("L")
        x, y = picture.width // 2, picture.height // 2
        for box in ((0, 0, x, y), (x, 0, 2 * x, y), (0, y, x, 2 * y), (x, y, 2 * x, 2 * y)):
            texts.append(scanner.read_still(encoded(picture.crop(box))))
    return texts


def test_every_label_of_the_school_is_on_the_sheet(
    printed: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed() == 0
    expected = [point_code_text(SCHOOL, token) for token in TOKENS.values()]
    assert _read(tmp_path / "labels.pdf") == [*expected, None]
    assert "3 labels" in capsys.readouterr().out


def test_only_the_points_asked_for(printed: Callable[..., int], tmp_path: Path) -> None:
    assert printed("--point", "p3", "p1") == 0
    read = [text for text in _read(tmp_path / "labels.pdf") if text]
    assert read == [point_code_text(SCHOOL, TOKENS[id]) for id in ("p1", "p3")]


def test_a_school_code_may_be_typed_small(printed: Callable[..., int]) -> None:
    assert printed(school=SCHOOL.lower()) == 0


def test_the_database_is_left_as_it_was(printed: Callable[..., int], journal: Path) -> None:
    before = journal.read_bytes()
    journal.chmod(0o400)
    assert printed() == 0
    assert journal.read_bytes() == before


@pytest.mark.parametrize(
    ("more", "school", "said"),
    [
        ((), "0000", f"no school 0000 in .*; it holds {SCHOOL}"),
        ((), "学校", "four characters"),
        (("--point", "p9"), SCHOOL, "no point 'p9'"),
    ],
)
def test_what_is_not_there_is_named(
    printed: Callable[..., int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
    school: str,
    said: str,
) -> None:
    assert printed(*more, school=school) == command.FAILED
    _assert_said(capsys, said)
    assert not (tmp_path / "labels.pdf").exists()


def test_a_school_without_labels(
    printed: Callable[..., int], journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(journal) as connection:
        connection.execute("DELETE FROM point")
    assert printed() == command.FAILED
    _assert_said(capsys, "no labels")


def _note(path: Path) -> None:
    path.write_text("not a database " * 100)


def _other(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE school (name)")


def _folder(path: Path) -> None:
    path.mkdir()


def _nothing(path: Path) -> None:
    """Leave it absent."""


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_note, "is not a database"),
        (_other, "holds no school's journal"),
        (_folder, "there is no database"),
        (_nothing, "there is no database"),
    ],
)
def test_a_database_that_is_none(
    printed: Callable[..., int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    make: Callable[[Path], None],
    said: str,
) -> None:
    make(tmp_path / "other.db")
    assert printed(database=tmp_path / "other.db") == command.FAILED
    _assert_said(capsys, said)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://someone:secret@127.0.0.1/school", "none of sqlite and postgresql"),
        ("postgresql://someone:secret@127.0.0.1:1/school", "cannot be read"),
    ],
)
def test_an_address_that_does_not_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str, said: str
) -> None:
    arguments = ["labels", "--school", SCHOOL, "--database", address]
    assert command.main([*arguments, "-o", str(tmp_path / "a.pdf")]) == command.FAILED
    _assert_said(capsys, said)


def test_a_place_that_cannot_be_written(
    journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").mkdir()
    for output in (tmp_path / "absent" / "labels.pdf", tmp_path / "taken"):
        arguments = ["labels", "--school", SCHOOL, "--database", str(journal), "-o", str(output)]
        assert command.main(arguments) == command.FAILED
        _assert_said(capsys, f"cannot write {output}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["server", "taken"]


def test_an_older_sheet_is_replaced_whole(printed: Callable[..., int], tmp_path: Path) -> None:
    (tmp_path / "labels.pdf").write_text("older")
    assert printed() == 0
    assert len(pypdf.PdfReader(tmp_path / "labels.pdf").pages) == 1


def test_without_a_name_it_is_this_machines_own(
    journal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["labels", "--school", SCHOOL, "-o", str(tmp_path / "labels.pdf")]
    monkeypatch.setenv("XUNAN_CLIENT_DATA", str(tmp_path / "client"))
    monkeypatch.setenv("XUNAN_DATA", str(tmp_path / "nowhere"))
    assert command.main(arguments) == command.FAILED
    monkeypatch.setenv("XUNAN_DATA", str(journal.parent))
    assert command.main(arguments) == 0
    # A phone's database that knows another school only: the server's is looked at next.
    (tmp_path / "client").mkdir()
    with sqlite3.connect(tmp_path / "client" / "xunan.db") as connection:
        for table in LedgerTable.metadata.tables:
            connection.execute(f"CREATE TABLE {table} (school)")
    assert command.main(arguments) == 0


def _assert_said(capsys: pytest.CaptureFixture[str], said: str) -> None:
    import re

    error = capsys.readouterr().err
    assert error.startswith("xunan: ") and error.count("\n") == 1, error
    assert re.search(said, error), error
    assert "secret" not in error
