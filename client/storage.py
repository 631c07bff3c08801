"""What this device's data take up, and how to need less: originals that are safe on the server go,
their small pictures stay."""

import asyncio
from dataclasses import dataclass

from client.photos.folder import PhotoFolder
from client.store.identity import Identity
from client.store.storage import originals_needed
from client.store.store import Store


@dataclass(frozen=True, slots=True)
class StorageUse:
    """In bytes."""

    database: int
    photos: int
    """Originals and small pictures."""
    freeable: int
    """Originals that need not be here."""


async def storage_use(store: Store, folder: PhotoFolder, identity: Identity) -> StorageUse:
    needed = await store.read(lambda c: originals_needed(c, identity))

    def look() -> StorageUse:
        originals = folder.originals()
        return StorageUse(
            database=store.size_bytes(),
            photos=sum(originals.values()) + folder.thumbnail_bytes(),
            freeable=sum(size for hash, size in originals.items() if hash not in needed),
        )

    return await asyncio.to_thread(look)


async def free_space(store: Store, folder: PhotoFolder, identity: Identity) -> int:
    """Let go of what need not be here; returns how many bytes that was."""
    before = await storage_use(store, folder, identity)
    needed = await store.read(lambda c: originals_needed(c, identity))
    await asyncio.to_thread(folder.drop_originals, needed)
    await store.compact()
    after = await storage_use(store, folder, identity)
    return max(0, before.photos + before.database - after.photos - after.database)
