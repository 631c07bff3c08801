"""挂牌督办 as a school sees it: who of the district wants what, until when."""

import flet as ft

from client.state.views import Supervision
from client.ui import theme
from client.ui.entrance.frame import notice
from client.words import day, t


def supervision_notice(supervision: Supervision) -> ft.Control:
    said = t(
        "district.supervised_by",
        office=supervision.office,
        person=supervision.by,
        day=day(supervision.until),
        demand=supervision.demand,
    )
    return notice(said, theme.PURPLE)
