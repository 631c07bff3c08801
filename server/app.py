"""The district server as an ASGI application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

import server.accounts.routes
import server.bundles.routes
import server.journal.routes
import server.photos.routes
from server.access_log import FOLDER, AccessFiles, AccessLog
from server.clock import Now, utc_now
from server.district import District
from server.guard import Guard
from server.photos.uploads import upload_routes
from server.problems import Refusal, answer_fault, answer_http_error, answer_nobody, answer_refusal
from server.settings import Settings


def create_app(settings: Settings, now: Now = utc_now) -> FastAPI:
    """Open (and if need be migrate) the database and serve it."""
    district = District(settings, now)
    access = AccessFiles(Path(settings.data) / FOLDER, settings.log_days, now)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        supervising = asyncio.create_task(
            district.supervision.keep_looking(district.reading, district.writing),
            name="supervision",
        )
        telling = asyncio.create_task(
            district.telling.keep_looking(district.reading, district.writing), name="ladders"
        )
        following = asyncio.create_task(
            district.follow_rules.keep_going(district.reading, district.writing), name="rules"
        )
        yield
        tasks = {supervising, telling, following}
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        access.close()
        district.close()

    # No docs pages: they would load scripts from the public internet. /openapi.json stays.
    app = FastAPI(title="Xun'an", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.district = district
    app.state.uploads = {}
    app.include_router(server.accounts.routes.router)
    app.include_router(server.journal.routes.router)
    app.include_router(upload_routes(settings.data))
    app.include_router(server.photos.routes.router)
    app.include_router(server.bundles.routes.router)
    app.add_exception_handler(Refusal, answer_refusal)
    app.add_exception_handler(HTTPException, answer_http_error)
    app.add_exception_handler(RequestValidationError, answer_http_error)
    app.add_exception_handler(ClientDisconnect, answer_nobody)
    app.add_exception_handler(Exception, answer_fault)
    app.add_middleware(Guard)
    if settings.log_days > 0:
        app.add_middleware(AccessLog, files=access)
    return app
