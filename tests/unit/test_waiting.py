"""The tests' own patience: it ends, says what it was for, and hands over what came."""

from collections.abc import Callable

import eventlet
import pytest

from tests.waiting import awaited


def test_it_hands_over_what_was_seen_as_soon_as_it_is_there() -> None:
    """Nothing and an empty list are not there yet."""
    looks = iter([None, [], ["a letter"]])
    assert awaited(lambda: next(looks), "a letter", 5) == ["a letter"]


def interrupted() -> None:
    """Hangs, and says something else when it is interrupted, as a database driver does."""
    try:
        eventlet.sleep(60)
    except BaseException as error:
        raise ConnectionError("connection already closed") from error


@pytest.mark.parametrize("look", [lambda: False, lambda: eventlet.sleep(60), interrupted], ids=["false", "hangs", "interrupted"])
def test_it_fails_by_its_deadline_and_says_what_was_awaited(look: Callable[[], object]) -> None:
    """A test that waits for ever would tell nobody what is missing."""
    with pytest.raises(AssertionError, match=r"not within 0\.2 s: the impossible"), eventlet.Timeout(5, RuntimeError("too long")):
        awaited(look, "the impossible", 0.2)


def test_what_a_look_raises_before_the_deadline_is_raised() -> None:
    """It is no reason to look again."""
    with pytest.raises(ZeroDivisionError):
        awaited(lambda: 1 / 0, "the impossible", 5)
