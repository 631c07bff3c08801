"""Sentences for what comes from elsewhere as a bare word: refusals, problems, store errors.

Each says what happened, what is safe and what to do. Naming the families here is also what tells
the catalogues' test that their sentences are spoken.
"""

from datetime import datetime

from client.state.views import QueuedEntry
from client.words import t, when
from ledger.wire import ProblemCode


def of_word(word: str, **values: object) -> str:
    """The sentence of an error's `word`, whatever part of the app it comes from."""
    family, _, name = word.partition(".")
    match family:
        case "problems":
            return problem(name, **values)
        case "store":
            return t(f"store.{name}", **values)
        case _:
            return t(word, **values)


def problem(name: str, **values: object) -> str:
    """Why the server does not serve us. `name` is a problem's code or its catalogue key."""
    if name == ProblemCode.SLOW_DOWN and values.get("seconds"):
        return t("problems.slow_down_seconds", **values)
    return t(f"problems.{name.removeprefix('problems.')}", **values)


def kind(name: str) -> str:
    """What sort of entry it is; one of a newer app's is still called an entry."""
    known = name.replace(".", "_")
    return t(f"sync.kind_{known}") if name in KINDS else t("sync.kind_other")


KINDS = frozenset(
    {
        "area.set",
        "checkin.recorded",
        "checkin.withdrawn",
        "device.set",
        "label.issued",
        "plan.set",
        "point.set",
        "round.closed",
        "school.set",
        "staff.set",
    }
)


def refusal(entry: QueuedEntry) -> str:
    """Why an entry was refused or is held, who was first, and what to do."""
    if entry.reason is None:
        return t("refusals.unspoken")
    detail = dict(entry.detail)
    return t(
        f"refusals.{entry.reason.value}",
        who=detail.get("who") or t("refusals.somebody"),
        at=_moment(detail.get("at", "")),
        what=kind(detail.get("what", "")),
        kind=kind(detail.get("kind", "")),
        label=detail.get("label", ""),
        number=detail.get("number", ""),
    )


def _moment(text: str) -> str:
    try:
        return when(datetime.fromisoformat(text))
    except ValueError:
        return t("refusals.earlier")
