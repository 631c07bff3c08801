"""Becoming somebody's device when it was another's before: who left something behind comes first,
nobody is kept out for good, and a code is used up by nobody it does not help."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from client.gateway.errors import Refused
from client.gateway.gateway import Gateway
from client.store.identity import former_devices
from client.store.photos import note_own
from client.store.queue import own_entries
from client.store.store import Store
from client.sync.enrol import DeviceFacts, SomebodyElses, enrol_with_code
from ledger.keys import DeviceKey
from ledger.rules.people import DeviceSet
from ledger.wire.accounts import EnrolByCode, Enrolled, Tokens
from ledger.wire.problems import Problem, ProblemCode
from tests.bench.fresh_device import MemoryVault
from tests.client.store.office import ME, PHONE, SCOPE, SEVEN, Office, check_in, open_school
from tests.client.sync.test_run import NOW, Clock

FACTS = DeviceFacts(name="手机", platform="test", app_version="1")
COLLEAGUE = "t2"
PHOTO = "ab" * 32


@dataclass
class Door:
    """The server as far as it enrols: a code is a person's name here."""

    office: Office
    devices: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Public key → whose, and which."""

    async def hello(self) -> None: ...

    async def close(self) -> None: ...

    async def enrol_by_code(self, request: EnrolByCode) -> Enrolled:
        key = request.device.public_key
        actor, device = self.devices.get(key, (request.code, f"device-{len(self.devices)}"))
        if actor != request.code:
            raise Refused(Problem(code=ProblemCode.NOT_ALLOWED))
        self.devices[key] = (actor, device)
        return Enrolled(
            device=device,
            tokens=Tokens(access_token="a", refresh_token="r", expires_in=600),
            school="SY01",
            actor=actor,
            scopes=(SCOPE,),
            server_device=self.office.identity.server_device,
            server_key=self.office.identity.server_key,
            time=NOW,
        )


@dataclass
class Phone:
    store: Store
    vault: MemoryVault
    door: Door

    async def enrol(self, actor: str) -> str:
        def connect(*_: Any, **__: Any) -> Gateway:
            return cast(Gateway, self.door)

        identity = await enrol_with_code(
            self.store, self.vault, Clock(), FACTS, "http://d", actor, connect
        )
        assert (await self.store.identity()) == identity
        key = await self.vault.device_key()
        assert key is not None
        assert self.door.devices[key.public] == (identity.actor, identity.device)
        return identity.device

    async def write(self) -> None:
        await self.store.write(lambda c: check_in(c, self.door.office, "p1"))


@pytest.fixture
async def phone(tmp_path: Path):
    """It was enrolled for `ME`, and its key is in its vault."""
    office = Office()
    key = DeviceKey.generate()
    mine = DeviceSet(name="手机", actor=ME, public_key=key.public)
    office.tell("device.set", f"device:{PHONE}", mine)
    store = Store(open_school(tmp_path / "xunan.sqlite3", office))
    vault = MemoryVault()
    await vault.keep_device_key(key)
    yield Phone(store, vault, Door(office, {key.public: (ME, PHONE)}))
    store.close()


async def test_the_same_person_comes_back_to_the_same_device(phone: Phone) -> None:
    await phone.write()
    assert await phone.enrol(ME) == PHONE


async def test_a_device_that_was_handed_on_is_its_new_owners(phone: Phone) -> None:
    """Whose session ended without anybody signing out."""
    assert await phone.enrol(COLLEAGUE) != PHONE


async def test_whoever_left_something_unsent_comes_first(phone: Phone) -> None:
    await phone.write()
    with pytest.raises(SomebodyElses) as caught:
        await phone.enrol(COLLEAGUE)
    assert (caught.value.actor, caught.value.pending) == (ME, 1)
    assert len(phone.door.devices) == 1, "the colleague's code is not used up"
    assert await phone.enrol(ME) == PHONE


async def test_a_photo_that_was_not_sent_counts_too(phone: Phone) -> None:
    await phone.store.write(lambda c: note_own(c, "", [(PHOTO, 5)], SEVEN.isoformat()))
    with pytest.raises(SomebodyElses) as caught:
        await phone.enrol(COLLEAGUE)
    assert caught.value.pending == 1


async def test_where_the_key_is_lost_a_colleagues_try_keeps_its_owner_out_of_nothing(
    phone: Phone,
) -> None:
    await phone.write()
    await phone.vault.keep_device_key(None)
    with pytest.raises(SomebodyElses):
        await phone.enrol(COLLEAGUE)
    device = await phone.enrol(ME)
    assert device != PHONE
    identity = await phone.store.identity()
    assert identity is not None
    assert await phone.store.read(former_devices) == [PHONE]
    assert (await phone.store.read(lambda c: own_entries(c, identity))).inherited == 1


async def test_who_may_not_take_part_hears_so(phone: Phone) -> None:
    async def shut(request: EnrolByCode) -> Enrolled:
        raise Refused(Problem(code=ProblemCode.NOT_ALLOWED))

    phone.door.enrol_by_code = shut  # type: ignore[method-assign]
    with pytest.raises(Refused):
        await phone.enrol(COLLEAGUE)
