"""How often Python looks for cyclic garbage while entries are read by the thousand."""

import gc


def calm_collector(objects: int) -> None:
    """Look again only after so many new objects, and never again at what exists now.

    Reading and judging make many objects and no cycles; at Python's default pace the collector
    walks all of them again and again, which takes up to half of the time of a push or a pull.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(objects, 20, 100)
