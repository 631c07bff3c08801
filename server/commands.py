"""The commands the server brings to `xunan`: serve it, and administer it.

Passwords are asked for on the terminal or read from standard input, never taken as arguments,
which every user of the machine can see.
"""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from ledger.command import BUNDLE_HELP, shared_group
from server import administration as run
from server.bundles import command as bundle
from server.demo_command import register as register_demo
from server.notices import commands as notices
from server.roster import commands as rosters
from server.setup import commands as setup
from server.supervision import commands as supervision

if TYPE_CHECKING:
    from ledger.command import Subparsers

ENROLMENT_HOURS = 48.0
Work = Callable[[argparse.Namespace], int]


def register(subparsers: "Subparsers") -> None:
    _register_server(subparsers)
    school = _group(subparsers, "school", "found schools and load their data")
    add = _command(school, "add", run.add_school, "found a school")
    add.add_argument("--number", type=int, required=True, help="its number in the district")
    add.add_argument("--name", required=True)
    template = school.add_parser("template", help="write an example of a school's file")
    template.add_argument("-o", "--output", default="", help="the file; otherwise printed")
    template.set_defaults(run=setup.write_template)
    load = _command(school, "load", setup.load_school, "bring a school in line with its file")
    load.add_argument("file", metavar="FILE")
    load.add_argument("--dry-run", action="store_true", help="only say what would change")
    conditions = _group(subparsers, "conditions", "what makes a hazard a major one")
    load = _command(
        conditions, "load", setup.load_conditions, "give all schools the district's own conditions"
    )
    load.add_argument("file", metavar="FILE")
    load.add_argument("--dry-run", action="store_true", help="only say what would change")
    _register_rosters(subparsers)
    office = _group(subparsers, "district", "who supervises the schools")
    officer = _command(
        office,
        "officer",
        supervision.add_officer,
        "add an officer; prints the code",
    )
    officer.add_argument("--staff", required=True, help="an id of your choice, such as d01")
    officer.add_argument("--name", required=True)
    staff = _group(subparsers, "staff", "administer staff")
    leave = _command(staff, "deactivate", setup.deactivate_staff, "somebody leaves the school")
    leave.add_argument("--school", required=True)
    leave.add_argument("--staff", required=True)
    account = _group(subparsers, "account", "open and close accounts")
    add = _command(account, "add", run.add_account, "open an account; asks for the password")
    add.add_argument("--school", required=True, help="the school's four characters")
    add.add_argument("--staff", required=True, help="the person's staff id")
    add.add_argument("--username", required=True)
    for name, work, help_text in (
        ("password", run.change_password, "set a new password; asks for it"),
        ("close", run.close_account, "close an account"),
    ):
        _command(account, name, work, help_text).add_argument("--username", required=True)
    enrol = _with_database(subparsers.add_parser("enrol", help="make a one-time enrolment code"))
    enrol.add_argument("--school", required=True)
    enrol.add_argument("--staff", required=True)
    enrol.add_argument("--hours", type=float, default=ENROLMENT_HOURS, help="how long it is good")
    enrol.add_argument("--server", default="", help="the address phones reach this server at")
    enrol.set_defaults(run=run.enrol_person)
    notify = _group(subparsers, "notify", "tell staff of a missing pupil")
    attempt = notify.add_parser("try", help="send a message by every channel of a school")
    attempt.add_argument("--school", required=True)
    attempt.add_argument("--file", default="", help="the channels; XUNAN_NOTIFY otherwise")
    attempt.set_defaults(run=notices.try_channels)
    device = _group(subparsers, "device", "administer devices")
    _command(device, "revoke", run.revoke_device, "shut a lost device out for good").add_argument(
        "--device", required=True, help="its id"
    )
    _command(device, "list", setup.list_devices, "show a school's devices").add_argument(
        "--school", required=True
    )
    bundles = shared_group(subparsers, "bundle", BUNDLE_HELP)
    take = _command(bundles, "import", bundle.import_bundles, "take in bundles of records")
    take.add_argument("files", metavar="FILE", nargs="+")
    demo = register_demo(subparsers)
    seed = _command(demo, "seed", run.seed_demo, "fill an empty database with the demo school")
    seed.add_argument("--days", type=int, default=3, help="days of past rounds")


def _register_rosters(subparsers: "Subparsers") -> None:
    importing = _group(subparsers, "import", "bring a school's roster in line with its workbook")
    roster = _command(
        importing, "roster", rosters.import_roster, "show what an import changes, then do it"
    )
    roster.add_argument("file", metavar="FILE")
    roster.add_argument("--school", required=True, help="the school's four characters")
    roster.add_argument("--dry-run", action="store_true", help="only say what would change")
    roster.add_argument("--yes", action="store_true", help="don't ask")
    roster.add_argument(
        "--keep-missing", action="store_true", help="pupils who are not in the sheet stay"
    )
    roster.add_argument(
        "--many-leave", action="store_true", help="it is right that so many have left"
    )
    template = importing.add_parser("template", help="write an empty roster to fill in")
    template.add_argument("-o", "--output", default="roster.xlsx", help="the file")
    template.set_defaults(run=rosters.write_template)

    erase = _group(subparsers, "erase", "erase what the law says must go")
    student = _command(
        erase, "student", rosters.erase_student, "erase a pupil here and on all devices"
    )
    student.add_argument("--school", required=True, help="the school's four characters")
    named = student.add_mutually_exclusive_group(required=True)
    named.add_argument("--number", default="", help="their number 学号")
    named.add_argument("--id", default="", help="their id in the journal")
    student.add_argument("--yes", action="store_true", help="don't ask")
    expired = _command(erase, "expired", rosters.erase_expired, "erase what is past its retention")
    expired.add_argument("--school", default="", help="only this school; otherwise all")
    expired.add_argument("--dry-run", action="store_true", help="only say what would go")


def _register_server(subparsers: "Subparsers") -> None:
    parser = _with_database(subparsers.add_parser("server", help="run the district server"))
    parser.add_argument("--host")
    parser.add_argument("--port", type=int, help="0: any free one")
    parser.add_argument("--port-file", default="", help="write the port here once it answers")
    parser.set_defaults(run=run.run_server)
    below = parser.add_subparsers(metavar="COMMAND")
    only = below.add_parser("migrate", help="only bring the database up to date")
    # What `xunan server --database …` was told counts unless it is said again.
    _with_database(only, default=argparse.SUPPRESS).set_defaults(run=run.migrate_database)


def _group(subparsers: "Subparsers", name: str, help_text: str) -> "Subparsers":
    parser = subparsers.add_parser(name, help=help_text)
    return parser.add_subparsers(metavar="COMMAND", required=True)


def _command(group: "Subparsers", name: str, work: Work, help_text: str) -> argparse.ArgumentParser:
    parser = _with_database(group.add_parser(name, help=help_text))
    parser.set_defaults(run=work)
    return parser


def _with_database(
    parser: argparse.ArgumentParser, default: str | None = None
) -> argparse.ArgumentParser:
    parser.add_argument(
        "--database", default=default, help="SQLAlchemy address; DATABASE_URL otherwise"
    )
    parser.add_argument("--data", default=default, help="folder of the SQLite database")
    return parser
