"""`xunan notify`: try the channels before a night needs them."""

import argparse

from ledger.command import CommandError
from ledger.rules.places import Called


def try_channels(arguments: argparse.Namespace) -> int:
    from server.notices.channels import Channels, UnusableChannels
    from server.settings import Settings

    path = arguments.file or Settings.from_environment().notify
    try:
        channels = Channels.read(path)
    except UnusableChannels as error:
        raise CommandError(str(error)) from error
    values = {"school": arguments.school, "building": "-", "room": "-", "minutes": 0}
    sent = channels.send(arguments.school, tuple(Called), values)
    print(f"{sent.taken} of {sent.channels} channels took the message")
    return 0 if sent.channels and sent.taken == sent.channels else 1
