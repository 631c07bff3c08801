"""`xunan bundle import`: takes in bundles that were brought to the server's own machine."""

import argparse
from pathlib import Path

from ledger.command import CommandError
from server.administration import open_district

SENTENCES = {
    "NotABundle": "it is not a bundle",
    "BundleDamaged": "it was cut off or altered",
    "BundleForeign": "it is of a school that is not on this server, or sealed to another server",
    "BundleNewer": "it was written by a newer version; update this server",
    "BundleTooLarge": "it is larger than a bundle may be",
    "BundleNotGenuine": "it is not signed by a device of its school that may write",
}


def import_bundles(arguments: argparse.Namespace) -> int:
    from ledger.bundle.format import BundleError
    from server.bundles.taking import take_bundle
    from server.photos.shelves import ShelfFailed

    with open_district(arguments) as district:
        for name in arguments.files:
            try:
                taken = take_bundle(district.journal, district.photos, Path(name))
            except BundleError as error:
                why = SENTENCES[type(error).__name__]
                raise CommandError(f"{name}: {why} ({error}); nothing was taken of it") from error
            except ShelfFailed as error:
                raise CommandError(f"{name}: a photo could not be kept, try again") from error
            print(
                f"{name}: {taken.entries} entries, {taken.accepted} accepted, {taken.held} held, "
                f"{taken.refused} refused; {taken.photos} new photos"
            )
    return 0
