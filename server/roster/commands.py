"""The commands for rosters. Imports stand inside the functions for the same reason as in
`server.administration`."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.command import CommandError
from server.administration import open_district

if TYPE_CHECKING:
    from ledger.roster.plan import Plan
    from ledger.roster.roster import Roster


def write_template(arguments: argparse.Namespace) -> int:
    from ledger.roster.template import roster_template

    try:
        with Path(arguments.output).open("xb") as file:
            file.write(roster_template())
    except OSError as error:
        raise CommandError(f"{arguments.output}: {error.strerror or error}") from error
    return 0


def import_roster(arguments: argparse.Namespace) -> int:
    from server.journal.counter import UnknownSchool
    from server.journal.own_hand import NotAccepted
    from server.roster.importing import plan_for, write_roster

    roster = _read(Path(arguments.file))
    keep = arguments.keep_missing
    try:
        with open_district(arguments) as district:
            with district.database.read() as connection:
                plan = plan_for(
                    connection, arguments.school, roster, district.now(), keep_missing=keep
                )
            _show(plan)
            if not plan.groups:
                print("nothing to change")
                return 0
            if arguments.dry_run:
                print(f"{plan.steps} would be written")
                return 0
            if plan.many_leave and not arguments.many_leave:
                raise CommandError(
                    f"{len(plan.removed)} of {plan.here} pupils are not in the sheet; if they have "
                    "really left, say --many-leave, or --keep-missing for a sheet of some"
                )
            if not arguments.yes and not _confirmed("Import this?"):
                print("nothing was written")
                return 0
            plan = write_roster(district.journal, arguments.school, roster, keep_missing=keep)
    except (LookupError, UnknownSchool) as error:
        raise CommandError(f"there is no school {arguments.school}") from error
    except NotAccepted as error:
        raise CommandError(f"the journal objects, nothing was written: {error}") from error
    print(f"{plan.steps} written")
    return 0


def erase_student(arguments: argparse.Namespace) -> int:
    from server.roster.erasure import erase, pupils

    with open_district(arguments) as district:
        with district.database.read() as connection:
            found = [
                one
                for one in pupils(connection, arguments.school)
                if arguments.id in (one.id, "") and arguments.number in (one.number, "")
            ]
        for one in found:
            print(" ".join(filter(None, (one.id, one.number, one.name, one.class_id))))
        if not found:
            raise CommandError(f"there is no such pupil at {arguments.school}")
        if not arguments.yes and not _confirmed("Erase for good?"):
            print("nothing was erased")
            return 0
        count = erase(district.journal, arguments.school, [one.id for one in found])
    print(f"{count} entries erased; devices follow at their next contact")
    return 0


def erase_expired(arguments: argparse.Namespace) -> int:
    from server.roster.erasure import erase
    from server.roster.retention import expired
    from server.setup.changes import schools

    with open_district(arguments) as district:
        with district.database.read() as connection:
            codes = [arguments.school] if arguments.school else schools(connection)
            try:
                found = {
                    code: expired(
                        connection, code, district.now(), district.settings.retention_days
                    )
                    for code in codes
                }
            except LookupError as error:
                raise CommandError(f"there is no school {error}") from error
        for code, one in found.items():
            print(f"{code}: {len(one.pupils)} pupils left before {one.before}", end="")
            if arguments.dry_run:
                print(", would be erased")
                continue
            count = erase(district.journal, code, one.pupils, one.before)
            print(f", {count} entries erased")
    return 0


def _read(path: Path) -> "Roster":
    from ledger.roster.problems import UnusableRoster
    from ledger.roster.rows import read_roster
    from ledger.roster.sheet import read_workbook
    from server.roster.sentences import sentence

    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from error
    try:
        return read_roster(read_workbook(content))
    except UnusableRoster as error:
        raise CommandError(f"{path}: {sentence(error.problem)}") from error


def _show(plan: "Plan") -> None:
    from server.roster.sentences import line, sentence

    for what, lines in (
        ("building", plan.buildings),
        ("staff", plan.staff),
        ("add", plan.added),
        ("move", plan.moved),
        ("change", plan.changed),
        ("leave", plan.removed),
    ):
        for one in lines:
            print(line(what, one))
    for one in plan.hints:
        print(f"note: {sentence(one)}")
    for one in plan.problems:
        print(f"left out: {sentence(one)}")
    if plan.unused:
        print(f"columns without a use here: {', '.join(plan.unused)}")
    print(
        f"{len(plan.added)} added, {len(plan.moved)} moved, {len(plan.changed)} changed, "
        f"{len(plan.removed)} left, {plan.unchanged} as before, {len(plan.problems)} left out"
    )


def _confirmed(question: str) -> bool:
    print(f"{question} [y/N] ", end="", flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
