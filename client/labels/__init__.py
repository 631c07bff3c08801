"""The printed labels that hang at the inspection points: A4 sheets to cut into four A6 signs."""

from client.labels.label import Label
from client.labels.sheet import LABELS_A_PAGE, draw_sheet

__all__ = ["LABELS_A_PAGE", "Label", "draw_sheet"]
