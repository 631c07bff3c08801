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
    routers = (
        server.accounts.routes.router,
        server.bundles.routes.router,
        server.journal.routes.router,
        server.photos.routes.router,
        upload_routes(str(tmp_path)),
    )
    needed = {
        one.call
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        for one in _below(route.dependant)
        if one.call is not None
    }
    assert bearer_token in needed
    elsewhere = [one for one in needed if not (iscoroutinefunction(one) or isasyncgenfunction(one))]
    assert elsewhere == []


def _below(dependant: Dependant) -> Iterator[Dependant]:
    for one in dependant.dependencies:
        yield one
        yield from _below(one)
