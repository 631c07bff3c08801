"""A label that was dealt with stays quiet as long as it is before the camera."""

from client.ui.scan.still_there import OUT_OF_SIGHT_LOOKS, OUT_OF_SIGHT_S, StillThere


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_label_is_news_once() -> None:
    clock = Clock()
    there = StillThere(clock)
    assert not there.again("A")
    for _ in range(50):
        clock.now += 0.1
        assert there.again("A")


def test_a_label_that_was_out_of_sight_is_news_again() -> None:
    clock = Clock()
    there = StillThere(clock)
    there.again("A")
    clock.now += OUT_OF_SIGHT_S
    for _ in range(OUT_OF_SIGHT_LOOKS):
        there.missed()
    assert not there.again("A")


def test_blurred_pictures_do_not_put_it_out_of_sight() -> None:
    clock = Clock()
    there = StillThere(clock)
    there.again("A")
    for _ in range(OUT_OF_SIGHT_LOOKS):
        there.missed()
    clock.now += OUT_OF_SIGHT_S / 2
    assert there.again("A")


def test_a_phone_that_looks_now_and_then_does_not_ask_again() -> None:
    clock = Clock()
    there = StillThere(clock)
    there.again("A")
    for _ in range(5):
        clock.now += 2 * OUT_OF_SIGHT_S
        there.missed()
        clock.now += 2 * OUT_OF_SIGHT_S
        assert there.again("A")


def test_another_label_is_news_at_once_and_so_is_the_way_back() -> None:
    there = StillThere(Clock())
    there.again("A")
    assert not there.again("B")
    assert not there.again("A")


def test_the_time_its_sheet_was_open_does_not_count() -> None:
    clock = Clock()
    there = StillThere(clock)
    there.again("A")
    clock.now += 10 * OUT_OF_SIGHT_S
    there.dealt_with()
    clock.now += 0.1
    assert there.again("A")
