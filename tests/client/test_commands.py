"""`xunan scan` tells, line by line, what the app's scanner sees."""

import argparse
import json
from pathlib import Path

import pytest

from client.commands import register
from tests.client.device.scanner.scenes import encoded, wall

OURS = "XA0001ABCDEFGHJK"


def _run(*argv: str) -> int:
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers(required=True))
    arguments = parser.parse_args(argv)
    return arguments.run(arguments)


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("options", [(), ("--frame",)])
def test_a_line_for_every_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    label, empty = tmp_path / "食堂.jpg", tmp_path / "wall.png"
    label.write_bytes(encoded(wall((640, 480), [(OURS, 5, (320, 240))])))
    empty.write_bytes(encoded(wall((640, 480), []), "PNG"))
    assert _run("scan", *options, str(label), str(empty)) == 0
    first, second = _lines(capsys)
    assert (first["image"], first["text"]) == (str(label), OURS)
    assert (second["image"], second["text"]) == (str(empty), None)
    for line in (first, second):
        assert line.keys() == {"image", "text", "ms"}
        assert isinstance(line["ms"], float)


def test_a_file_that_is_no_picture_does_not_stop_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note, label = tmp_path / "note.txt", tmp_path / "label.jpg"
    note.write_text("not a picture")
    label.write_bytes(encoded(wall((640, 480), [(OURS, 5, (320, 240))])))
    paths = [str(note), str(tmp_path / "absent.jpg"), str(tmp_path), str(label)]
    assert _run("scan", *paths) == 1
    lines = _lines(capsys)
    assert [line["image"] for line in lines] == paths
    assert [line["text"] for line in lines] == [None, None, None, OURS]
    assert [str(line.get("error", "")).endswith(".") for line in lines] == [True] * 3 + [False]
