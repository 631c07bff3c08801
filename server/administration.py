"""What the server's commands do. Each opens the database for as long as it needs it.

Imports stand inside the functions: whoever scans a picture with `xunan` must not wait for a web
framework.
"""

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.command import CommandError

if TYPE_CHECKING:
    from server.district import District
    from server.settings import Settings


def run_server(arguments: argparse.Namespace) -> int:
    from server.database import UnusableDatabase
    from server.notices.channels import UnusableChannels
    from server.serve import serve

    try:
        serve(_settings(arguments), arguments.port_file)
    except (UnusableDatabase, UnusableChannels) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"cannot serve there: {error.strerror or error}") from error
    return 0


def migrate_database(arguments: argparse.Namespace) -> int:
    with open_district(arguments):
        print("The database is up to date.")
    return 0


def add_school(arguments: argparse.Namespace) -> int:
    from ledger.codes import DISTRICT, school_code
    from ledger.rules.places import SchoolSet
    from server.accounts import schools

    try:
        code = school_code(arguments.number)
    except ValueError as error:
        raise CommandError(str(error)) from error
    if code == DISTRICT:
        raise CommandError("number 0 is the district itself: see `xunan district officer`")
    with open_district(arguments) as district:
        about = SchoolSet(name=arguments.name, district=district.settings.district)
        try:
            schools.add_school(district.journal, code, about)
        except schools.AlreadyThere as error:
            raise CommandError(f"there is a school {code} already") from error
    print(code)
    return 0


def add_account(arguments: argparse.Namespace) -> int:
    from server.accounts import passwords, schools

    password = _ask_password()
    with open_district(arguments) as district, district.database.write() as connection:
        try:
            name = schools.add_account(
                connection,
                arguments.school,
                arguments.staff,
                arguments.username,
                password,
                district.now(),
            )
        except schools.AlreadyThere as error:
            raise CommandError(f"there is an account {error} already") from error
        except (LookupError, passwords.WeakPassword) as error:
            raise CommandError(str(error)) from error
    print(name)
    return 0


def change_password(arguments: argparse.Namespace) -> int:
    from server.accounts import passwords, schools

    password = _ask_password()
    with open_district(arguments) as district, district.database.write() as connection:
        try:
            schools.change_password(connection, arguments.username, password)
        except LookupError as error:
            raise CommandError(f"there is no account {error}") from error
        except passwords.WeakPassword as error:
            raise CommandError(str(error)) from error
    return 0


def close_account(arguments: argparse.Namespace) -> int:
    from server.accounts import schools

    with open_district(arguments) as district, district.database.write() as connection:
        try:
            going_on = schools.close_account(connection, arguments.username, district.now())
        except LookupError as error:
            raise CommandError(f"there is no account {error}") from error
    for device in going_on:
        print(f"{device} was enrolled by a code and goes on: `xunan staff deactivate` ends that")
    return 0


def enrol_person(arguments: argparse.Namespace) -> int:
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    from ledger.codes import enrolment_code_text, grouped
    from server.accounts.enrolment import make_code
    from server.journal.people import read_author
    from server.serve import address

    with open_district(arguments) as district, district.database.write() as connection:
        if not read_author(connection, arguments.school, arguments.staff).active:
            raise CommandError(f"{arguments.staff} is not active staff of {arguments.school}")
        life = timedelta(hours=arguments.hours)
        code = make_code(connection, arguments.school, arguments.staff, district.now(), life)
        server = arguments.server or address(district.settings, district.settings.port)
    try:
        text = enrolment_code_text(code, server)
    except ValueError as error:
        raise CommandError(str(error)) from error
    print(grouped(code))
    print(text)
    symbol = QRCode(error_correction=ERROR_CORRECT_M)
    symbol.add_data(text)
    symbol.print_ascii(invert=True)
    return 0


def revoke_device(arguments: argparse.Namespace) -> int:
    from server.accounts import enrolment

    with open_district(arguments) as district:
        try:
            enrolment.revoke_device(district.journal, arguments.device)
        except LookupError as error:
            raise CommandError(f"there is no device {arguments.device}") from error
    return 0


def seed_demo(arguments: argparse.Namespace) -> int:
    from server.accounts.schools import AlreadyThere
    from server.clock import utc_now
    from server.database import UnusableDatabase
    from server.demo import office, seed
    from server.demo.seed import DISTRICT
    from server.photos.shelves import open_shelf

    settings = _settings(arguments)
    url = settings.effective_database_url
    try:
        seeded = seed(
            url,
            utc_now(),
            days=arguments.days,
            photos=open_shelf(settings.photos, Path(settings.data)),
        )
    except AlreadyThere as error:
        raise CommandError(f"the demo school {error} is there already") from error
    except UnusableDatabase as error:
        raise CommandError(str(error)) from error
    office.open_office(url, utc_now(), DISTRICT, seeded.password)
    print(f"{seeded.school}: {seeded.entries} entries")
    for username, person in seeded.accounts:
        print(f"{username}\t{seeded.password}\t{person}")
    username, _, person = office.OFFICER
    print(f"{username}\t{seeded.password}\t{person}")
    return 0


def _settings(arguments: argparse.Namespace) -> "Settings":
    from server.settings import Settings

    try:
        return Settings.from_environment(
            database_url=arguments.database,
            data=arguments.data,
            host=getattr(arguments, "host", None),
            port=getattr(arguments, "port", None),
        )
    except ValueError as error:
        raise CommandError(str(error)) from error


@contextmanager
def open_district(arguments: argparse.Namespace) -> Iterator["District"]:
    from server.database import UnusableDatabase
    from server.district import District

    try:
        district = District(_settings(arguments))
    except UnusableDatabase as error:
        raise CommandError(str(error)) from error
    try:
        yield district
    finally:
        district.close()


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise CommandError("the two passwords differ")
    return password
