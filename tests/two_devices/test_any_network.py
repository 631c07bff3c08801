"""Four devices, the real server and a network that may do anything to any request.

Whatever happened on the way: once everybody could sync, all hold the same records, nothing is
there twice, nothing that was saved is gone, every chain verifies. `make prove` searches longer.
"""

import asyncio
import os
from collections.abc import Coroutine, Sequence
from contextlib import ExitStack
from datetime import timedelta, timezone
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from ledger.rules.rule import Role
from tests.two_devices.any_network.day import PEOPLE, Day, folder_for_a_day
from tests.two_devices.any_network.duties import DUTIES, NEW_TOKENS, Duty
from tests.two_devices.any_network.wire import Fault, Way

T = TypeVar("T")
RUNS = int(os.environ.get("XUNAN_PROVE_RUNS", "0"))
"""How many days the machine makes up; 0: a few, always the same."""
PHASES = [Phase.generate, Phase.shrink] if "XUNAN_PROVE_SHRINK" in os.environ else [Phase.generate]
"""A failing day is shown as it was made up; making it shorter takes its time."""
NAMES = st.sampled_from(tuple(PEOPLE))
FAULTS = st.lists(
    st.builds(Fault, st.sampled_from(tuple(Way)), st.floats(0, 1, width=16)), max_size=4
)
WRONG_BY_S = (0, -90, 3600, -3600, 366 * 86_400, -366 * 86_400)
ROLES = st.sampled_from(((), (Role.TEACHER,), (Role.PRINCIPAL,), None))
"""None: back to what they usually are."""


class AnyNetwork(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.runner = self.open.enter_context(asyncio.Runner())
        self.day = Day(self.open.enter_context(folder_for_a_day()))
        self.up = 0

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(what)

    @initialize()
    def begin(self) -> None:
        self.run(self.day.admit(*PEOPLE))

    # What people do.

    @rule(
        name=NAMES,
        duties=st.lists(st.sampled_from(DUTIES), min_size=1, max_size=6),
        luck=st.integers(0, 10_000),
    )
    def act(self, name: str, duties: Sequence[Duty], luck: int) -> None:
        for number, duty in enumerate(duties):
            self.run(self.day.do(name, duty, luck + number))

    @rule(
        name=NAMES,
        duties=st.lists(st.sampled_from(DUTIES), min_size=1, max_size=4),
        luck=st.integers(0, 10_000),
        faults=FAULTS,
    )
    def act_and_sync(
        self, name: str, duties: Sequence[Duty], luck: int, faults: list[Fault]
    ) -> None:
        self.act(name, duties, luck)
        self.sync(name, faults)
        self.move_photos(name, faults[::-1])

    # What the network does.

    @rule(name=NAMES, faults=FAULTS)
    def sync(self, name: str, faults: list[Fault]) -> None:
        self.run(self.day.sync(name, *faults))

    @rule(name=NAMES, faults=FAULTS)
    def move_photos(self, name: str, faults: list[Fault]) -> None:
        self.run(self.day.move_photos(name, *faults))

    @rule(faults=FAULTS)
    def all_at_once(self, faults: list[Fault]) -> None:
        self.run(self.day.all_at_once(*faults))

    # What may happen next is asked of the made-up day alone: how far the devices got before a
    # time-out is up to this machine, and Hypothesis gives up where the same day goes otherwise.

    @rule(which=st.integers(0, 5))
    def what_was_given_up_arrives(self, which: int) -> None:
        self.run(self.day.wire.deliver_late(which))

    # What happens to devices, to people and to the server.

    @rule(seconds=st.sampled_from((60, 600, 3600, 86_400)))
    def time_passes(self, seconds: int) -> None:
        self.day.time.passes(seconds)

    @rule(name=NAMES, seconds=st.sampled_from(WRONG_BY_S), hours=st.sampled_from((8, 9, -5)))
    def set_clock(self, name: str, seconds: int, hours: int) -> None:
        """Somebody sets it, or a journey or a summer does."""
        watch = self.day.phones[name].watch
        watch.wrong_by = timedelta(seconds=seconds)
        watch.zone = timezone(timedelta(hours=hours))

    @rule(name=NAMES, what=st.sampled_from(("device", "server", "backup")))
    def restart(self, name: str, what: str) -> None:
        match what:
            case "device":
                self.day.phones[name].watch.boots_again()
                self.run(self.day.phones[name].restart())
            case "server":
                self.day.ground.restart()
            case _:
                self.day.backups.append(self.day.ground.back_up())

    @precondition(lambda self: self.day.backups)
    @rule(which=st.integers(0, 5), with_photos=st.booleans())
    def restore(self, which: int, with_photos: bool) -> None:
        backups = self.day.backups
        self.day.ground.restore(backups[which % len(backups)], with_photos=with_photos)

    @rule(name=NAMES)
    def revoke(self, name: str) -> None:
        device = self.run(self.day.phones[name].me()).device
        if self.day.ground.knows(device):
            self.day.ground.revoke(device)

    @rule()
    def sign_in_again(self) -> None:
        for phone in self.day.phones.values():
            if not phone.signed_in:
                self.run(phone.sign_in())

    @rule(name=NAMES, roles=ROLES)
    def change_roles(self, name: str, roles: tuple[Role, ...] | None) -> None:
        actor, called, usual = PEOPLE[name]
        self.day.ground.employ(actor, called, usual if roles is None else roles)

    @precondition(lambda self: self.up < len(NEW_TOKENS))
    @rule()
    def put_up_a_point(self) -> None:
        number = list(NEW_TOKENS)[self.up]
        self.up += 1
        self.day.ground.put_up(number, NEW_TOKENS[number])

    def teardown(self) -> None:
        with self.open:
            try:
                self.run(self.day.agree())
            finally:
                self.run(self.day.close())


AnyNetwork.TestCase.settings = settings(
    max_examples=RUNS or 10,
    stateful_step_count=25,
    derandomize=not RUNS,
    database=None,
    deadline=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
    phases=PHASES,
)


@pytest.mark.long
@pytest.mark.timeout(0 if RUNS else 300)
class TestAnyNetwork(AnyNetwork.TestCase):
    pass
