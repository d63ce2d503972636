"""A busy loop rests between its batches, so that they grow; a person never notices."""

from chassis.events.pacing import LONGEST_SECONDS, Pace


def _rest(seconds: float, *batches: int) -> float:
    """What a new loop rests after the last of these batches, each of which took so long."""
    pace = Pace()
    return [pace.rest_after(seconds, messages) for messages in batches][-1]


def test_it_rests_in_proportion_to_its_work() -> None:
    """What costs little delays the next one little."""
    assert _rest(0.001, 10) < _rest(0.002, 10) < _rest(0.01, 10) <= LONGEST_SECONDS
    assert _rest(0.0, 10) == 0.0


def test_the_more_usually_come_at_once_the_longer_it_rests() -> None:
    """Who comes alone makes nobody wait; a crowd is gathered."""
    assert _rest(0.01, 1, 1, 1) == 0.0
    assert _rest(0.001, 2, 2, 2) < _rest(0.001, 10, 10, 10) < _rest(0.001, 100, 100, 100)


def test_what_gathered_once_is_soon_forgotten() -> None:
    """A hiccup of the machine makes one large batch; those who come after it must not wait for others like it."""
    assert _rest(0.01, 1, 8, 1, 1, 1) < _rest(0.01, 8, 8) / 4


def test_it_never_rests_long() -> None:
    """However long a batch took: who waits for the effect must not wait for the pause."""
    assert _rest(30.0, 50) == LONGEST_SECONDS <= 0.1
