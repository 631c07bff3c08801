"""Everything an operator can set, in one place; docs/operation.md explains each to people.

A value comes from the command line when given there, else from the environment, else from here.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


def _setting(variable: str, default: Any) -> Any:
    return field(default=default, metadata={"variable": variable})


@dataclass(frozen=True, slots=True)
class Settings:
    database_url: str = _setting("DATABASE_URL", "")
    """Empty: an SQLite file in the data folder."""
    data: str = _setting("XUNAN_DATA", "storage/server")
    photos: str = _setting("XUNAN_PHOTOS", "")
    """Where photos lie: empty for the data folder, another folder, or s3://bucket/prefix."""
    host: str = _setting("XUNAN_HOST", "127.0.0.1")
    port: int = _setting("XUNAN_PORT", 8470)
    """0 lets the system choose one."""
    district: str = _setting("XUNAN_DISTRICT", "示范区教育局")
    public_address: str = _setting("XUNAN_PUBLIC_ADDRESS", "")
    """What enrolment codes carry; empty: the address served at."""
    access_minutes: int = _setting("XUNAN_ACCESS_MINUTES", 15)
    refresh_days: int = _setting("XUNAN_REFRESH_DAYS", 180)
    """How long a phone may stay away, holidays included, before its person signs in again."""
    tls_certificate: str = _setting("XUNAN_TLS_CERTIFICATE", "")
    tls_key: str = _setting("XUNAN_TLS_KEY", "")
    log_days: int = _setting("XUNAN_LOG_DAYS", 190)
    """How long the access log is kept; 0: no such log is written."""
    notify: str = _setting("XUNAN_NOTIFY", "")
    """A file with the channels by which staff are told of a missing pupil; empty: the app alone."""
    retention_days: int = _setting("XUNAN_RETENTION_DAYS", 0)
    """How long pupils who left, past leave and missing nights are kept; 0: to the end of their
    school year."""
    trusted_proxies: str = _setting("XUNAN_TRUSTED_PROXIES", "127.0.0.1")
    """Whose X-Forwarded-For is believed, comma separated."""

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, **given: Any
    ) -> "Settings":
        """`given` wins over the environment; None there means "not given".

        Raises ValueError naming the variable that makes no sense.
        """
        environment = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for one in fields(cls):
            variable = one.metadata["variable"]
            if given.get(one.name) is not None:
                values[one.name] = given[one.name]
            elif text := environment.get(variable, ""):
                values[one.name] = _read(variable, text, one.default)
        return cls(**values)

    @classmethod
    def variables(cls) -> tuple[str, ...]:
        return tuple(one.metadata["variable"] for one in fields(cls))

    @property
    def effective_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data}/district.sqlite3"


def _read(variable: str, text: str, default: Any) -> Any:
    if not isinstance(default, int):
        return text
    try:
        return int(text)
    except ValueError as error:
        raise ValueError(f"{variable} must be a whole number, not {text!r}") from error
