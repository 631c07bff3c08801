"""What screens catch: an action that did not happen, with the sentence to show."""

from collections.abc import Iterator
from contextlib import contextmanager

from client.actions.close_round import ReasonMissing
from client.store.errors import NotAllowed, StoreError
from client.words import key


class ActionFailed(Exception):
    """`word` is a key of the catalogues, `values` fill it in. Nothing was half-done."""

    def __init__(self, word: str, **values: object) -> None:
        super().__init__(word)
        self.word = word
        self.values = values


@contextmanager
def explained() -> Iterator[None]:
    """Turn the store's errors into ones with a sentence."""
    try:
        yield
    except StoreError as error:
        raise ActionFailed(error.word) from error
    except NotAllowed as error:
        raise ActionFailed(f"refusals.{error.reason.value}", **error.detail) from error
    except ReasonMissing as error:
        raise ActionFailed(key("patrol.reason_missing"), point=error.point) from error
