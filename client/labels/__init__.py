"""The printed labels that hang at the inspection points: A4 sheets to cut into four A6 signs."""

from client.labels.label import Label

__all__ = ["Label"]
