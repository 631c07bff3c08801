"""Carried bundles are delivered one by one: what the server won't take now keeps back no other."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from client.gateway.errors import Cut, GatewayError, Refused
from client.gateway.gateway import Gateway
from client.sync.courier import Courier
from ledger.wire.problems import Problem, ProblemCode

NAMES = ("first", "second", "third")


def refused(code: ProblemCode) -> Refused:
    return Refused(Problem(code=code))


@dataclass
class One:
    path: Path


@dataclass
class Folder:
    """The carried bundles, and what became of them."""

    waiting: list[str] = field(default_factory=lambda: list(NAMES))
    taken: list[str] = field(default_factory=list)
    away: list[str] = field(default_factory=list)

    def all(self) -> list[One]:
        return [One(Path(name)) for name in self.waiting]

    def delivered(self, path: Path) -> None:
        self.waiting.remove(path.name)
        self.taken.append(path.name)

    def turned_away(self, path: Path) -> None:
        self.waiting.remove(path.name)
        self.away.append(path.name)


@dataclass
class Server:
    says: dict[str, Exception]
    asked: list[str] = field(default_factory=list)

    async def deliver(self, bundle: Path) -> None:
        self.asked.append(bundle.name)
        if bundle.name in self.says:
            raise self.says[bundle.name]


def courier(server: Server, folder: Folder) -> Courier:
    return Courier(cast(Gateway, server), folder)


@pytest.mark.parametrize(
    "code", [ProblemCode.BUNDLE_NEWER, ProblemCode.SERVER_FAULT, ProblemCode.BAD_REQUEST]
)
async def test_one_that_must_wait_keeps_back_none_behind_it(code: ProblemCode) -> None:
    folder = Folder()
    with pytest.raises(Refused) as caught:
        await courier(Server({"first": refused(code)}), folder).run()
    assert caught.value.code is code
    assert (folder.waiting, folder.taken) == (["first"], ["second", "third"])


async def test_one_that_can_no_longer_be_read_keeps_back_none_behind_it() -> None:
    folder = Folder()
    await courier(Server({"second": OSError("the card is broken")}), folder).run()
    assert (folder.waiting, folder.taken) == (["second"], ["first", "third"])


async def test_one_the_server_never_takes_is_put_aside() -> None:
    folder = Folder()
    await courier(Server({"first": refused(ProblemCode.BUNDLE_DAMAGED)}), folder).run()
    assert (folder.away, folder.taken) == (["first"], ["second", "third"])


@pytest.mark.parametrize("error", [Cut("gone"), refused(ProblemCode.SIGN_IN_AGAIN)])
async def test_what_holds_for_all_of_them_is_met_once(error: GatewayError) -> None:
    server, folder = Server({"first": error}), Folder()
    with pytest.raises(type(error)):
        await courier(server, folder).run()
    assert (server.asked, folder.waiting) == (["first"], list(NAMES))
