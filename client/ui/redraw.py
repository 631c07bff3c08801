"""Redraws a part on the page it stands on, whoever changed what it shows.

flet asks for the page of whoever made the change, and raises when there is none. Our state is
changed by tasks that belong to no page, a sync or a clock, and several pages may show it.
"""

from flet.components.component import Component


def redraw_where_shown() -> None:
    """Call once per process, before anything is drawn."""
    Component._schedule_update = _schedule_update


def _schedule_update(self: Component) -> None:
    if not self._state.mounted:
        return
    self._state.is_dirty = True
    try:
        session = self.page.session
    except RuntimeError:  # taken off its page a moment ago, or the page is closed for good
        return
    session.schedule_update(self)
