"""Leave that waits for this person's decision, for the inbox: approved where it stands."""

import flet as ft

from client.actions.errors import ActionFailed
from client.state.views import LeaveLine
from client.ui import theme
from client.ui.context import sentence, use_client, use_loading
from client.ui.guarded import guarded, keyed, use_latest, use_start, use_task
from client.ui.kit.dialogs import say
from client.ui.kit.text import section_header
from client.ui.leave.rows import deciding_row
from client.words import n, t

SHOWN_AT_MOST = 20
"""The rest are under 请假."""


@guarded
def waiting_leave() -> ft.Control:
    """Nothing at all while nothing waits."""
    client, loading, page, start = use_client(), use_loading(), ft.context.page, use_start()
    leave, _ = ft.use_state(client.state.leave)

    async def approve(line: LeaveLine) -> None:
        try:
            await client.actions.leave.approve(line.id)
        except ActionFailed as error:
            say(page, sentence(error))
        else:
            say(page, t("leave.done_approved"))

    use_task(loading.show_waiting_leave)
    press = use_latest(lambda line: page.navigate(f"/leave/{line.id}"))
    on_approve = use_latest(lambda line: start(approve, line))
    waiting = leave.waiting or ()
    if not waiting:
        return ft.Container(height=0)
    return ft.Column(
        [
            section_header(n("leave.waiting_count", len(waiting))),
            *(
                keyed(line.id, ft.memo(deciding_row), line, press, on_approve, press)
                for line in waiting[:SHOWN_AT_MOST]
            ),
            ft.Divider(height=theme.STEP_2),
        ],
        tight=True,
        spacing=0,
    )
