"""What every test, and every process a test starts, has in common."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Here a key without words is an error; the processes started by tests inherit it.
os.environ["XUNAN_STRICT_WORDS"] = "1"

# How long an example takes says more about the machine's other work than about our code.
settings.register_profile("xunan", deadline=None)
settings.load_profile("xunan")

pytest_plugins = ["tests.postgres"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: one that begins last lets the other processes wait for it."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--pictures", type=Path, metavar="FOLDER", help="where browser tests leave what they saw"
    )
