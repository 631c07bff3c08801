"""名册: choose the school's workbook, see what it would change, confirm."""

from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.ui import theme
from client.ui.context import sentence, use_client
from client.ui.guarded import guarded, use_start
from client.ui.kit.badges import badge
from client.ui.kit.buttons import primary, quiet, secondary
from client.ui.kit.dialogs import Question, say, use_confirm
from client.ui.kit.empty import empty
from client.ui.kit.text import heading, words
from client.ui.kit.toggles import switch_row
from client.ui.roster.preview import ADDED, TROUBLES, preview
from client.ui.roster.sentences import problem_words
from client.words import n, t
from ledger.roster.plan import Plan
from ledger.roster.problems import UnusableRoster
from ledger.roster.roster import Roster

LARGEST_BYTES = 32 << 20


@guarded
def roster_screen() -> ft.Control:
    client, page, start = use_client(), ft.context.page, use_start()
    roster, set_roster = ft.use_state(cast(Roster | None, None))
    plan, set_plan = ft.use_state(cast(Plan | None, None))
    name, set_name = ft.use_state("")
    tab, set_tab = ft.use_state(ADDED)
    keep, set_keep = ft.use_state(False)
    wrong, set_wrong = ft.use_state("")
    written, set_written = ft.use_state(-1)
    busy, set_busy = ft.use_state(False)
    picker = ft.use_ref(cast(ft.FilePicker | None, None))
    ask = use_confirm()

    async def choose() -> None:
        picker.current = picker.current or ft.FilePicker()
        files = await picker.current.pick_files(
            dialog_title=t("roster.choose"),
            file_type=ft.FilePickerFileType.CUSTOM,
            allowed_extensions=["xlsx", "xlsm", "xls"],
            with_data=True,
        )
        if not files:
            return
        set_name(files[0].name)
        set_roster(lambda _: None)
        set_plan(lambda _: None)
        set_wrong("")
        set_busy(True)
        try:
            found = await client.actions.roster.read(files[0].bytes or b"")
            await compare(found, False)
            set_roster(lambda _: found)
        except UnusableRoster as error:
            set_wrong(problem_words(error.problem))
        except ActionFailed as error:
            set_wrong(sentence(error))
        finally:
            set_busy(False)

    async def compare(found: Roster, keeping: bool) -> None:
        now = await client.actions.roster.plan(found, keep_missing=keeping)
        set_keep(keeping)
        set_plan(lambda _: now)
        set_tab(TROUBLES if now.problems and not now.groups else ADDED)

    async def keep_or_not(keeping: bool) -> None:
        if roster is not None:
            try:
                await compare(roster, keeping)
            except ActionFailed as error:
                set_wrong(sentence(error))

    async def carry_out() -> None:
        if plan is None or roster is None:
            return
        if plan.many_leave and not await ask(
            Question(
                t("roster.many_leave"),
                t("roster.many_leave_body", gone=len(plan.removed), here=plan.here),
                t("roster.confirm"),
                danger=True,
            )
        ):
            return
        set_written(0)
        try:
            await client.actions.roster.carry_out(plan, set_written)
        except ActionFailed as error:
            set_wrong(sentence(error))
            return
        finally:
            set_written(-1)
        say(page, n("roster.done", plan.steps))
        await compare(roster, keep)

    async def save_template() -> None:
        picker.current = picker.current or ft.FilePicker()
        await picker.current.save_file(
            dialog_title=t("roster.template"),
            file_name=t("roster.template_file"),
            file_type=ft.FilePickerFileType.CUSTOM,
            allowed_extensions=["xlsx"],
            src_bytes=await client.actions.roster.template(),
        )

    buttons = ft.Row(
        [
            secondary(t("roster.choose"), choose, ft.Icons.UPLOAD_FILE),
            quiet(t("roster.template"), save_template, ft.Icons.DOWNLOAD),
        ],
        wrap=True,
        spacing=theme.STEP,
        run_spacing=theme.STEP,
    )
    if wrong:
        body = f"{wrong}\n{t('roster.nothing_changed')}"
        return empty(ft.Icons.ERROR_OUTLINE, t("roster.unusable", name=name), body, buttons)
    if busy:
        reading = ft.Column(
            [words(t("roster.reading", name=name)), ft.ProgressBar()], spacing=theme.STEP
        )
        return ft.Container(reading, padding=theme.STEP_3)
    if plan is None:
        return empty(ft.Icons.GROUPS, t("roster.title"), t("roster.body"), buttons)
    working = written >= 0
    left_out = n("roster.left_out", len(plan.problems))
    head = ft.Column(
        [
            ft.Row([heading(name, expand=True), buttons], wrap=False),
            switch_row(
                t("roster.keep_missing"),
                keep,
                lambda on: start(keep_or_not, on),
                disabled=working,
            ),
            ft.Row(
                [
                    primary(
                        t("roster.confirm"),
                        carry_out if plan.groups and not working else None,
                        ft.Icons.DONE_ALL,
                        busy=working,
                    ),
                    words(
                        t("roster.progress", done=max(written, 0), all=plan.steps)
                        if working
                        else n("roster.to_write", plan.steps)
                        if plan.groups
                        else t("roster.up_to_date"),
                        muted=True,
                        expand=True,
                    ),
                ],
                spacing=theme.STEP_2,
            ),
            # Beside the button: on a tab of its own nobody would see it before they confirm.
            *(
                [ft.Row([badge(ft.Icons.ERROR_OUTLINE, left_out, theme.ORANGE)])]
                if plan.problems
                else []
            ),
            *([ft.ProgressBar(value=written / max(plan.steps, 1))] if working else []),
        ],
        spacing=theme.STEP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return preview(plan, tab, set_tab, head)
