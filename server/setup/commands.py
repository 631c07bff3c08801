"""The commands for a school's own data: its file, its people, its devices.

Imports stand inside the functions for the same reason as in `server.administration`.
"""

import argparse
import sys
from pathlib import Path

from ledger.command import CommandError
from server.administration import open_district


def write_template(arguments: argparse.Namespace) -> int:
    from server.setup.template import TEMPLATE

    if not arguments.output:
        sys.stdout.write(TEMPLATE)
        return 0
    try:
        with Path(arguments.output).open("x", encoding="utf-8") as file:
            file.write(TEMPLATE)
    except OSError as error:
        raise CommandError(f"{arguments.output}: {error.strerror or error}") from error
    return 0


def load_school(arguments: argparse.Namespace) -> int:
    from server.journal.own_hand import NotAccepted, write_as_server
    from server.setup.changes import changes
    from server.setup.reading import WrongFile, read_school_file

    try:
        file = read_school_file(Path(arguments.file))
        with open_district(arguments) as district:
            with district.database.read() as connection:
                found = changes(connection, file)
            if found.facts and not arguments.dry_run:
                with district.journal.append(file.code) as work:
                    # Once more under the school's lock: somebody may have been at it meanwhile.
                    found = changes(work.connection, file)
                    if found.facts:
                        write_as_server(work, found.facts)
    except WrongFile as error:
        count = len(error.problems)
        raise CommandError(f"{error}\n{count} to mend; nothing was written") from error
    except NotAccepted as error:
        raise CommandError(f"the journal objects, nothing was written: {error}") from error
    for line in found.lines:
        print(line)
    for line in found.left:
        print(f"not in the file, left as it is: {line}")
    would = "would be " if arguments.dry_run else ""
    print(f"{len(found.lines)} {would}written" if found.lines else "nothing to change")
    return 0


def load_conditions(arguments: argparse.Namespace) -> int:
    """The same conditions for every school of the district; each school by itself or not at all."""
    from server.journal.own_hand import NotAccepted, write_as_server
    from server.setup.changes import changes, schools
    from server.setup.reading import SchoolFile, WrongFile, read_conditions_file

    try:
        wanted = read_conditions_file(Path(arguments.file))
        with open_district(arguments) as district:
            with district.database.read() as connection:
                codes = schools(connection)
                # All are checked before the first one is written.
                found = {code: changes(connection, SchoolFile(code, {}, wanted)) for code in codes}
            for code in codes if not arguments.dry_run else ():
                with district.journal.append(code) as work:
                    found[code] = changes(work.connection, SchoolFile(code, {}, wanted))
                    write_as_server(work, found[code].facts)
    except WrongFile as error:
        count = len(error.problems)
        raise CommandError(f"{error}\n{count} to mend; nothing was written") from error
    except NotAccepted as error:
        raise CommandError(f"the journal objects: {error}") from error
    would = "would be " if arguments.dry_run else ""
    for code, one in found.items():
        for line in one.lines:
            print(f"{code}: {line}")
    many = sum(len(one.lines) for one in found.values())
    print(f"{many} {would}written at {len(found)} schools" if many else "nothing to change")
    return 0


def deactivate_staff(arguments: argparse.Namespace) -> int:
    from server.setup.people import deactivate

    with open_district(arguments) as district:
        try:
            name = deactivate(district.journal, arguments.school, arguments.staff)
        except LookupError as error:
            raise CommandError(f"there is no {arguments.staff} at {arguments.school}") from error
    print(f"{name} is no longer active")
    return 0


def list_devices(arguments: argparse.Namespace) -> int:
    from server.setup.people import devices

    with open_district(arguments) as district, district.database.read() as connection:
        for one in devices(connection, arguments.school):
            state = f"revoked {one.revoked_at}" if one.revoked_at else "in use"
            print("\t".join((one.id, one.name, one.person, one.last_contact or "-", state)))
    return 0
