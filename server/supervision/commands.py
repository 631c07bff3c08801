"""The commands for the district itself: its journal and the officers who read it.

Imports stand inside the functions for the same reason as in `server.administration`.
"""

import argparse

from ledger.codes import DISTRICT
from server.administration import open_district


def add_officer(arguments: argparse.Namespace) -> int:
    from server.supervision import founding

    with open_district(arguments) as district:
        founding.found_district(district.journal, district.settings.district)
        founding.add_officer(district.journal, arguments.staff, arguments.name)
    print(DISTRICT)
    return 0
