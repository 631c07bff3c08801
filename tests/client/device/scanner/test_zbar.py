"""The phones' decoder, wherever the zbar library is installed (Debian: libzbar0)."""

import sys

import pytest

pytest.importorskip("pyzbar.pyzbar", exc_type=ImportError)

from client.device.scanner import scanner_for_platform
from client.device.scanner.zbar import find_symbols
from tests.client.device.scanner.scenes import encoded, wall

OURS = "XA0001ABCDEFGHJK"


def test_zbar_sees_the_code_where_it_is() -> None:
    (symbol,) = find_symbols(wall((640, 480), [(OURS, 5, (200, 150))]))
    assert symbol.text == OURS
    assert (symbol.x, symbol.y) == (pytest.approx(200, abs=5), pytest.approx(150, abs=5))


def test_without_zxing_a_build_scans_with_zbar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "client.device.scanner.zxing", raising=False)
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    scanner = scanner_for_platform()
    assert scanner.read(encoded(wall((1280, 720), [(OURS, 4, (500, 300))]))) == OURS
    assert scanner.read_still(encoded(wall((1280, 720), []))) is None
