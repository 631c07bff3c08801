"""The responsible person's answer: after-photos, a sentence, and the reason when it is late."""

from dataclasses import replace
from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.state.views import HazardDetail, Picture, RectifyDraft
from client.ui import theme
from client.ui.context import sentence, use_app, use_client, use_loading
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded, keyed, use_task
from client.ui.hazards.amounts import amount_of, amount_text
from client.ui.hazards.keeping import use_keeping
from client.ui.hazards.look import title_of
from client.ui.hazards.pictures import picture_strip
from client.ui.hazards.taking import use_camera_stage
from client.ui.kit.buttons import primary
from client.ui.kit.dialogs import say
from client.ui.kit.empty import skeleton_list
from client.ui.kit.facts import fact
from client.ui.kit.fields import text_field, use_field
from client.ui.kit.rows import card
from client.ui.kit.scaffolds import reading_width, sub_view
from client.ui.kit.text import heading, words
from client.ui.layout import use_layout
from client.ui.sync_centre import chip_of
from client.ui.theme import Type
from client.words import t
from ledger.rules.hazards.bodies import PhotoUse


@guarded
def rectify_view() -> ft.View:
    client, app, loading = use_client(), use_app(), use_loading()
    page, route = ft.context.page, ft.use_view_path()
    hazards, _ = ft.use_state(client.state.hazards)
    layout = use_layout()
    id = ft.use_route_params().get("id", "")
    draft, set_draft = ft.use_state(cast(RectifyDraft | None, None))
    shooting, set_shooting = ft.use_state(False)
    trouble, set_trouble = ft.use_state("")
    busy, set_busy = ft.use_state(False)

    async def write(kept: RectifyDraft) -> None:
        await client.actions.hazards.keep_rectify_draft(id, kept)

    keep, begin_to_save, give_up = use_keeping(write)

    async def begin() -> None:
        await loading.open_hazard(id)
        known = await client.actions.hazards.rectify_draft(id)
        set_draft(lambda _: known or RectifyDraft())
        set_shooting(not (known and known.pictures))

    def change(changed: RectifyDraft) -> None:
        set_draft(lambda _: changed)
        keep(changed)

    async def taken(picture: Picture) -> None:
        if draft is not None:
            change(replace(draft, pictures=(*draft.pictures, picture)))

    async def save(final: RectifyDraft) -> None:
        if not begin_to_save():
            return
        set_busy(True)
        try:
            await client.actions.hazards.rectify(id, final)
        except ActionFailed as error:
            set_trouble(sentence(error))
            set_busy(False)
            give_up()
            return
        say(page, t("hazards.rectified"))
        page.navigate("/hazards")

    use_task(begin, [id])
    taken_so_far = len(draft.pictures) if draft else 0
    stage = use_camera_stage(
        PhotoUse.AFTER if shooting else None,
        taken_so_far,
        t("hazards.shoot_after"),
        taken,
        lambda: set_shooting(False),
        t("hazards.go_on") if taken_so_far else t("hazards.later"),
    )
    opened = hazards.opened
    if draft is None or opened is None or opened.line.id != id:
        body: ft.Control = reading_width(skeleton_list(4), layout)
    elif stage is not None:
        body = stage
    else:
        form = keyed(
            "form",
            _form,
            opened,
            draft,
            change,
            lambda: set_shooting(True),
            save,
            trouble,
            busy,
        )
        body = reading_width(form, layout)
    chip = chip_of(app, lambda: page.navigate("/sync"))
    return sub_view(route, t("hazards.rectify_title"), body, chip)


@guarded
def _form(
    opened: HazardDetail,
    draft: RectifyDraft,
    on_change,
    on_shoot,
    on_save,
    trouble: str,
    busy: bool,
) -> ft.Control:
    done, because = use_field(draft.done), use_field(draft.overdue_because)
    protection = use_field(draft.protection or opened.protection)
    funds = use_field(amount_text(draft.funds or opened.funds))
    wrong, set_wrong = ft.use_state("")

    def now() -> RectifyDraft:
        return replace(
            draft,
            done=done.value,
            overdue_because=because.value,
            protection=protection.value,
            # What is no amount yet is not kept, and told when it is to be sent.
            funds=amount_of(funds.value) or 0.0,
        )

    async def save() -> None:
        amount = amount_of(funds.value)
        set_wrong("" if amount is not None else t("hazards.say_an_amount"))
        if amount is not None:
            await on_save(now())

    asked = [heading(title_of(opened.line), Type.SUBTITLE), words(opened.line.place, muted=True)]
    if opened.measure:
        asked.append(fact(t("hazards.measure"), opened.measure))
    if opened.returned_because:
        asked.append(fact(t("hazards.returned_because"), opened.returned_because))
    parts: list[ft.Control] = [
        card(ft.Column(asked, tight=True, spacing=theme.STEP)),
        *([notice(wrong or trouble)] if wrong or trouble else []),
        words(t("hazards.after"), Type.SMALL, muted=True),
        picture_strip(
            draft.pictures,
            lambda kept: on_change(replace(now(), pictures=kept)),
            lambda: on_shoot(),
            t("hazards.another_photo") if draft.pictures else t("hazards.take_after"),
        ),
        text_field(done, t("hazards.what_was_done"), lambda: on_change(now())),
        text_field(funds, t("hazards.funds_spent"), lambda: on_change(now()), lines=1),
    ]
    if opened.needs_reason:
        parts += [
            notice(t("hazards.late_needs_reason"), theme.ORANGE),
            text_field(because, t("hazards.why_late"), lambda: on_change(now())),
            text_field(protection, t("hazards.protection"), lambda: on_change(now())),
        ]
    return ft.Column(
        [
            ft.ListView(
                [ft.Container(one, padding=ft.Padding.only(bottom=theme.STEP)) for one in parts],
                padding=theme.STEP_2,
                expand=True,
            ),
            ft.Container(
                ft.Row(
                    [
                        primary(
                            t("hazards.send_rectified"),
                            save,
                            ft.Icons.CHECK,
                            big=True,
                            busy=busy,
                            expand=True,
                        )
                    ]
                ),
                padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
            ),
        ],
        spacing=0,
        expand=True,
    )
