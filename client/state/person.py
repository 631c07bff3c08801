"""Keeps true to the store who works here, and what they chose; `client.state.loading` says when."""

from client.state.app import AppState, HazardsState
from client.store import places
from client.store.hazard_lists import HazardColumn
from client.store.identity import Identity, read_setting
from client.store.retention import keep_days
from client.store.store import Store


class PersonLoading:
    def __init__(self, store: Store, app: AppState, hazards: HazardsState) -> None:
        self._store = store
        self._app = app
        self._hazards = hazards

    async def read_choices(self) -> None:
        """Of the device: they hold before anybody has signed in."""
        app = self._app
        language = await self._store.read(lambda c: read_setting(c, "choice.language"))
        theme = await self._store.read(lambda c: read_setting(c, "choice.theme"))
        app.language = language or app.language
        app.theme = theme or app.theme
        app.theme_chosen = theme is not None
        scale = await self._store.read(lambda c: read_setting(c, "choice.text_scale"))
        app.text_scale = float(scale) if scale else app.text_scale
        wifi = await self._store.read(lambda c: read_setting(c, "choice.photos_wifi_only"))
        app.photos_wifi_only = wifi == "true"
        app.keep_days = await self._store.read(keep_days)
        columns = await self._store.read(lambda c: read_setting(c, "choice.ledger_columns"))
        known = set(HazardColumn)
        self._hazards.columns = tuple(
            HazardColumn(one) for one in (columns or "").split() if one in known
        )

    async def read(self, identity: Identity) -> None:
        """The person, the school and the device, by name."""
        app = self._app
        app.server = identity.server
        app.school = await self._store.read(lambda c: places.school(c, identity.school))
        app.person = await self._store.read(
            lambda c: places.person(c, identity.school, identity.actor)
        )
        devices = await self._store.read(lambda c: places.names(c, identity.school, "device"))
        app.device_name = devices.get(identity.device, "")
