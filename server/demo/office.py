"""The district of the demo school, with one officer, so that its own list can be tried."""

from datetime import datetime
from typing import Final

from ledger.codes import DISTRICT as OFFICE
from ledger.rules.rule import Role
from server.accounts.schools import AlreadyThere, add_account
from server.database import Database
from server.journal.journal import Journal
from server.supervision.founding import add_officer, found_district

OFFICER: Final = ("anquanke", "d01", "罗永强")
"""User name, staff id and name of the officer."""
OFFICER_ROLES: Final = (Role.DISTRICT_OFFICER,)


def open_office(database_url: str, now: datetime, name: str, password: str) -> None:
    """Found the district and open its officer's account; where they are there, nothing happens."""
    username, staff, person = OFFICER
    database = Database(database_url)
    try:
        journal = Journal(database, lambda: now)
        found_district(journal, name)
        add_officer(journal, staff, person)
        try:
            with database.write() as connection:
                add_account(connection, OFFICE, staff, username, password, now)
        except AlreadyThere:
            return
    finally:
        database.close()
