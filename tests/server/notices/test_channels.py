"""Channels are told, name no pupil, and a bad file is refused in words that show no secret."""

from pathlib import Path

import pytest

from ledger.rules.places import Called
from server.notices.channels import Channels, UnusableChannels
from tests.server.notices.receiver import receiving

VALUES = {"school": "实验学校", "building": "一号楼", "room": "302", "minutes": 12}


def file(folder: Path, text: str) -> str:
    path = folder / "channels.toml"
    path.write_text(text, "utf-8")
    return str(path)


def test_who_is_called_on_a_step_is_told(tmp_path: Path) -> None:
    with receiving() as leaders, receiving() as teachers:
        channels = Channels.read(
            file(
                tmp_path,
                f'[[notify]]\ncall = ["duty_leader", "principal"]\nurls = ["{leaders.url}"]\n'
                f'[[notify]]\nschool = "SY01"\ncall = ["homeroom_teacher"]\n'
                f'urls = ["{teachers.url}"]\ntext = "{{room}}"\n',
            )
        )
        sent = channels.send("SY01", (Called.DUTY_LEADER,), VALUES)
        assert (sent.channels, sent.taken) == (1, 1)
        assert "一号楼 302" in leaders.received[0]["message"]
        assert "实验学校" in leaders.received[0]["title"]
        assert teachers.received == []
        assert channels.send("SY02", (Called.HOMEROOM_TEACHER,), VALUES).channels == 0
        assert channels.send("SY01", (Called.HOMEROOM_TEACHER,), VALUES).taken == 1
        assert teachers.received[0]["message"] == "302"


def test_a_channel_that_does_not_take_it_is_counted(tmp_path: Path) -> None:
    with receiving() as robot:
        robot.answer = 500
        channels = Channels.read(
            file(tmp_path, f'[[notify]]\ncall = ["principal"]\nurls = ["{robot.url}"]\n')
        )
        sent = channels.send("SY01", (Called.PRINCIPAL,), VALUES)
        assert (sent.channels, sent.taken, sent.worked) == (1, 0, False)


def test_without_a_file_the_app_alone_tells() -> None:
    sent = Channels.read("").send("SY01", tuple(Called), VALUES)
    assert (sent.channels, sent.worked) == (0, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[notify", "cannot be read"),
        ('[[notify]]\ncall = ["janitor"]\nurls = ["json://x"]\n', "notify.0.call.0"),
        ('[[notify]]\ncall = ["principal"]\nurls = []\n', "notify.0.urls"),
        ('[[notify]]\ncall = ["principal"]\nurls = ["geheim://s3cret@x"]\n', "address 1"),
        (
            '[[notify]]\ncall = ["principal"]\nurls = ["json://x"]\ntext = "{name}"\n',
            "a sentence may hold",
        ),
    ],
)
def test_a_bad_file_says_where_and_shows_no_address(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UnusableChannels) as refused:
        Channels.read(file(tmp_path, text))
    assert said in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_a_file_that_is_not_there_is_said() -> None:
    with pytest.raises(UnusableChannels, match="cannot be read"):
        Channels.read("/nowhere/channels.toml")
