"""`xunan labels` reads a server's database, whichever kind it is, and only reads it."""

from pathlib import Path

import pypdf
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ledger import command
from ledger.reading import UnreadableJournal, open_journal
from server.district import District
from tests.server.school import SCHOOL


def test_labels_from_the_servers_database(
    district: District, database_url: str, tmp_path: Path
) -> None:
    sheet = tmp_path / "labels.pdf"
    arguments = ["labels", "--school", SCHOOL, "--database", database_url, "-o", str(sheet)]
    assert command.main(arguments) == 0
    assert len(pypdf.PdfReader(sheet).pages) == 1


def test_nothing_can_be_written(district: District, database_url: str) -> None:
    with (
        pytest.raises((UnreadableJournal, SQLAlchemyError), match=r"read-?\s?only"),
        open_journal(database_url) as connection,
    ):
        connection.execute(text("DELETE FROM label"))
