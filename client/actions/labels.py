"""Printing labels, and issuing a new one for a label that was damaged or lost."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from client.actions.clock import Clock
from client.labels import Label
from client.store.changes import JOURNAL
from client.store.identity import Identity
from client.store.journal import append
from client.store.place_views import PointView
from client.store.places import point_of_label, points, school
from client.store.store import Store
from ledger.codes import new_token, point_code_text, typed_code
from ledger.entry import Entry
from ledger.rules.places import Label as IssuedLabel
from ledger.rules.places import LabelIssued


async def label_sheet(store: Store, school_id: str, chosen: Sequence[str], font: Path) -> bytes:
    """The PDF with the labels of the chosen points (ids; all points when empty)."""
    # The drawing library takes a phone a second to load: no start of the app waits for it.
    from client.labels.sheet import draw_sheet

    labels = await store.read(lambda c: labels_of(c, school_id, chosen))
    return await asyncio.to_thread(draw_sheet, labels, font)


def labels_of(connection: Connection, school_id: str, chosen: Sequence[str]) -> list[Label]:
    """What is to be printed, in walking order. Points without a label are left out."""
    place = school(connection, school_id)
    wanted = set(chosen)
    return [
        Label(
            school_name=place.name if place else "",
            area=point.area_name,
            name=point.name,
            risk=point.risk,
            code_text=point_code_text(school_id, point.label.token),
            typed=point.label.typed,
            version=point.label.version,
        )
        for point in points(connection, school_id)
        if point.label is not None and (not wanted or point.id in wanted)
    ]


async def issue_label(
    store: Store, clock: Clock, identity: Identity, point: PointView, because: str
) -> None:
    """Give a point a new label; every earlier one is void from here on."""
    stamp = clock.stamp()

    def work(connection: Connection) -> Entry:
        token = new_token()
        while point_of_label(connection, identity.school, typed=typed_code(token)) is not None:
            token = new_token()
        label = IssuedLabel(version=len(point.labels) + 1, token=token, typed=typed_code(token))
        return append(
            connection,
            identity,
            stamp,
            kind="label.issued",
            subject=f"point:{point.id}",
            body=LabelIssued(label=label, because=because.strip()),
        )

    await store.write(work, {JOURNAL, "point"})
