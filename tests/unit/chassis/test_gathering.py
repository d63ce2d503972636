"""A busy loop rests between its batches, so that they grow; a person never notices."""

from chassis.events.pacing import LONGEST_SECONDS, rest_after


def test_it_rests_in_proportion_to_its_work() -> None:
    """What costs little delays the next one little."""
    assert rest_after(0.001, 10) < rest_after(0.002, 10) < rest_after(0.01, 10) <= LONGEST_SECONDS
    assert rest_after(0.0, 10) == 0.0


def test_the_more_came_at_once_the_longer_it_rests() -> None:
    """Who comes alone makes nobody wait; a crowd is gathered."""
    assert rest_after(0.01, 1) == 0.0
    assert rest_after(0.01, 2) < rest_after(0.01, 10) < rest_after(0.01, 100)


def test_it_never_rests_long() -> None:
    """However long a batch took: who waits for the effect must not wait for the pause."""
    assert rest_after(30.0, 50) == LONGEST_SECONDS <= 0.1
