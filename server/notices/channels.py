"""The district's channels, from a file of its operator: robots of 企业微信 or 钉钉, e-mail, SMS.

The library apprise knows each service's address; the addresses hold secrets and are never logged.
What goes out names no pupil: whoever is told opens the app.
"""

import logging
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ledger.rules.places import Called

EVERY_SCHOOL = "*"
WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
log = logging.getLogger(__name__)


class UnusableChannels(Exception):
    """The file can't be used; the message says where, and never shows an address."""


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    school: str = EVERY_SCHOOL
    call: Annotated[tuple[Called, ...], Field(min_length=1)]
    urls: Annotated[tuple[str, ...], Field(min_length=1)]
    title: str = WORDS["title"]
    text: str = WORDS["text"]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    notify: tuple[_Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one message."""

    channels: int
    """How many channels there are for it."""
    taken: int
    """How many of them took it."""

    @property
    def worked(self) -> bool:
        return self.channels == 0 or self.taken > 0


class Channels:
    """Who is told by what. Sending is synchronous: call it on a thread of its own."""

    def __init__(self, rules: tuple[_Rule, ...] = ()) -> None:
        self._rules = rules

    @classmethod
    def read(cls, path: str) -> "Channels":
        """An empty path means none. Raises `UnusableChannels`."""
        if not path:
            return cls()
        try:
            fields: Any = tomllib.loads(Path(path).read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UnusableChannels(f"{path} cannot be read: {error}") from error
        try:
            rules = _File.model_validate(fields).notify
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise UnusableChannels(f"{path}: {where}: {first['msg']}") from error
        for number, rule in enumerate(rules, start=1):
            _check(path, number, rule)
        return cls(rules)

    def send(self, school: str, call: tuple[Called, ...], values: dict[str, object]) -> Sent:
        """Tell those who are to be called at a school; `values` fill the sentences in."""
        channels = taken = 0
        for rule in self._rules:
            if rule.school not in (EVERY_SCHOOL, school) or not set(call) & set(rule.call):
                continue
            title, text = rule.title.format(**values), rule.text.format(**values)
            for url in rule.urls:
                channels += 1
                taken += _deliver(url, title, text)
        return Sent(channels, taken)


def _deliver(url: str, title: str, text: str) -> bool:
    """apprise has time limits of its own and answers False where something went wrong."""
    import apprise  # a third of a second that a server without channels need not spend

    sender = apprise.Apprise()
    sender.add(url)
    took = bool(sender.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT))
    if not took:
        log.warning("a channel (%s) did not take a message", url.partition(":")[0])
    return took


def _check(path: str, number: int, rule: _Rule) -> None:
    import apprise

    sample = {"school": "", "building": "", "room": "", "minutes": 0}
    try:
        rule.title.format(**sample)
        rule.text.format(**sample)
    except (KeyError, IndexError, ValueError) as error:
        raise UnusableChannels(
            f"{path}: notify {number}: a sentence may hold {', '.join(sample)} in braces only"
        ) from error
    for place, url in enumerate(rule.urls, start=1):
        if apprise.Apprise.instantiate(url) is None:
            raise UnusableChannels(f"{path}: notify {number}: address {place} is not understood")
