"""What somebody has begun and not saved, kept at every change: a killed app loses nothing."""

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from client.store.store import Store
from client.store.tables import DRAFT

T = TypeVar("T")


async def keep_draft(store: Store, name: str, shape: TypeAdapter[T], value: T, at: str) -> None:
    text = shape.dump_json(value).decode()
    statement = insert(DRAFT).values(name=name, value=text, changed_at=at)
    changed = statement.on_conflict_do_update(
        index_elements=["name"], set_={"value": text, "changed_at": at}
    )
    await store.write(lambda c: c.execute(changed) and None)


async def read_draft(store: Store, name: str, shape: TypeAdapter[T]) -> T | None:
    """None when there is none, or when an older app wrote something this one can't read."""
    text = await store.read(lambda c: c.scalar(select(DRAFT.c.value).where(DRAFT.c.name == name)))
    if text is None:
        return None
    try:
        return shape.validate_json(text)
    except ValidationError:
        return None


async def forget_draft(store: Store, name: str) -> None:
    await store.write(lambda c: c.execute(delete(DRAFT).where(DRAFT.c.name == name)) and None)
