"""What every screen can reach: the observables, the actions, and the loading behind them."""

from typing import Protocol
from weakref import WeakKeyDictionary

import flet as ft

from client.actions.actions import Actions
from client.actions.errors import ActionFailed
from client.state.app import AppState, State
from client.state.loading import Loading
from client.ui.sentences import of_word


class Client(Protocol):
    """The running client as the screens know it."""

    @property
    def state(self) -> State: ...

    @property
    def actions(self) -> Actions: ...

    @property
    def loading(self) -> Loading | None: ...

    def wake(self, metered: bool | None = None) -> None: ...


ClientContext: ft.ContextProvider[Client | None] = ft.create_context(None)


_shown: WeakKeyDictionary[object, Client] = WeakKeyDictionary()
"""By page session: a part within a memoised one that redraws itself no longer finds the context
around it (flet 1.0.5 keeps the way up only as long as everything above is drawn with it)."""


def show_on(page: ft.Page, client: Client) -> None:
    """Say once which client a page shows."""
    _shown[page.session] = client


def use_client() -> Client:
    """The client this page shows. A screen that draws an observable takes it as an argument or
    through `ft.use_state(observable)`, which is what makes flet redraw it."""
    client = ft.use_context(ClientContext) or _shown.get(ft.context.page.session)
    if client is None:
        raise LookupError("no client around this part")
    return client


def use_app() -> AppState:
    """The app's own state, redrawn when it changes."""
    app, _ = ft.use_state(use_client().state.app)
    return app


def use_loading() -> Loading:
    """What fills the observables; there while somebody is signed in."""
    loading = use_client().loading
    if loading is None:
        raise LookupError("nothing is loaded yet")
    return loading


def sentence(error: ActionFailed) -> str:
    """What to tell the person about an action that did not happen."""
    return of_word(error.word, **error.values)
