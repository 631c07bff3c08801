"""What routes need is found on the event loop itself, unless there is something to wait for."""

from collections.abc import Iterator
from inspect import isasyncgenfunction, iscoroutinefunction
from pathlib import Path

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

import server.accounts.routes
import server.bundles.routes
import server.journal.routes
import server.photos.routes
from server.deps import bearer_token
from server.photos.uploads import upload_routes


def test_nothing_a_route_needs_takes_the_way_over_another_thread(tmp_path: Path) -> None:
    needed = {
        one.call
        for route in _routes(tmp_path)
        for one in _below(route.dependant)
        if one.call is not None
    }
    assert bearer_token in needed
    elsewhere = [one for one in needed if not (iscoroutinefunction(one) or isasyncgenfunction(one))]
    assert elsewhere == []


def test_no_body_is_read_by_the_framework_which_knows_neither_gzip_nor_our_limits(
    tmp_path: Path,
) -> None:
    taking = [route for route in _routes(tmp_path) if "POST" in (route.methods or ())]
    assert len(taking) > 5
    # (The uploads read theirs themselves, piece by piece.)
    assert [route.path for route in taking if route.body_field is not None] == []


def _routes(tmp_path: Path) -> list[APIRoute]:
    routers = (
        server.accounts.routes.router,
        server.bundles.routes.router,
        server.journal.routes.router,
        server.photos.routes.router,
        upload_routes(str(tmp_path)),
    )
    return [route for router in routers for route in router.routes if isinstance(route, APIRoute)]


def _below(dependant: Dependant) -> Iterator[Dependant]:
    for one in dependant.dependencies:
        yield one
        yield from _below(one)
