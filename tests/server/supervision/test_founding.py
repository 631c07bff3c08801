"""The district's own journal is founded once; its officers come and go like a school's staff."""

from ledger.codes import DISTRICT
from server.district import District
from server.journal.people import read_author
from server.supervision.founding import add_officer, found_district, is_founded
from tests.server.supervision.desks import entries


def test_founding_again_changes_nothing(district: District):
    with district.database.read() as connection:
        assert not is_founded(connection)
    found_district(district.journal, "明湖区教育局")
    newest = district.journal.newest(DISTRICT)
    found_district(district.journal, "另一个名字")
    assert district.journal.newest(DISTRICT) == newest
    with district.database.read() as connection:
        assert is_founded(connection)


def test_an_officer_is_written_once_and_renamed_when_the_name_is_another(district: District):
    found_district(district.journal, "明湖区教育局")
    add_officer(district.journal, "d01", "王科")
    add_officer(district.journal, "d01", "王科")
    add_officer(district.journal, "d01", "王科长")
    with district.database.read() as connection:
        author = read_author(connection, DISTRICT, "d01")
    assert (author.name, author.roles) == ("王科长", {"district_officer"})
    written = [one for one in entries(district, "staff.set") if one.school == DISTRICT]
    assert len(written) == 2
