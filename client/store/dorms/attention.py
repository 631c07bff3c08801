"""What of the roll-call wants a leader's decision or question, for the inbox."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from client.store.dorms.building import exceptions_of, map_of, read_night, rollcall_row
from client.store.dorms.nights import buildings, night_now
from client.store.dorms.views import NightAttention, night_is_over
from client.store.identity import Identity
from client.store.places import zone_of


def attention(connection: Connection, identity: Identity, now: datetime) -> NightAttention:
    """Of each of this person's buildings the night that was begun last, tonight or the one
    before."""
    school = identity.school
    local, tonight = now.astimezone(zone_of(connection, school)), night_now(connection, school, now)
    before = (date.fromisoformat(tonight) - timedelta(days=1)).isoformat()
    unclosed, odd = [], []
    for place in buildings(connection, identity):
        for night in (tonight, before):
            if rollcall_row(connection, school, place.id, night) is None:
                continue
            read = read_night(connection, school, place, night)
            summary = map_of(connection, school, read).summary
            gap = summary.closing is None or summary.counts.unmarked > 0
            if gap and night_is_over(night, local):
                unclosed.append(summary)
            lines = exceptions_of(connection, school, read)
            odd += [one for one in lines if not one.explained]
            break
    return NightAttention(tuple(unclosed), tuple(odd))
