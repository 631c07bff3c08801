"""What to say when a code leads to no checklist: one sentence and what to do."""

import flet as ft

from client.actions.recognise import (
    Damaged,
    ForSignIn,
    KnownPoint,
    NotOurs,
    OtherSchool,
    Recognised,
    UnknownPoint,
)
from client.words import t
from ledger.codes import grouped


def title_of(found: Recognised) -> str:
    match found:
        case KnownPoint():
            return found.point.name
        case UnknownPoint():
            return t("scan.unknown_point")
        case OtherSchool():
            return t("scan.other_school")
        case NotOurs():
            return t("scan.not_ours")
        case Damaged():
            return t("scan.mistyped") if found.typed else t("scan.damaged")
        case ForSignIn():
            return t("scan.for_sign_in")


def body_of(found: Recognised) -> str:
    match found:
        case KnownPoint():
            return found.point.area_name
        case UnknownPoint():
            return t("scan.unknown_point_body", code=grouped(found.shown))
        case OtherSchool():
            return t("scan.other_school_body", school=found.school)
        case NotOurs():
            return t("scan.not_ours_body", text=found.text)
        case Damaged():
            return t("scan.mistyped_body") if found.typed else t("scan.damaged_body")
        case ForSignIn():
            return t("scan.for_sign_in_body")


def icon_of(found: Recognised) -> ft.IconData:
    match found:
        case UnknownPoint():
            return ft.Icons.NOT_LISTED_LOCATION
        case OtherSchool():
            return ft.Icons.DOMAIN_DISABLED
        case ForSignIn():
            return ft.Icons.BADGE
        case _:
            return ft.Icons.QR_CODE_2
