"""Waiting for what other processes and green threads do: look again until it is there, within a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

import eventlet

from deploy.dev.processes import wait_until

T = TypeVar("T")


def awaited(look: Callable[[], T], what: str, seconds: float = 60.0) -> T:
    """What `look` sees as soon as it sees something. Fails after `seconds`, also when a look hangs, and says what was awaited."""
    end = time.monotonic() + seconds
    try:
        with eventlet.Timeout(seconds):
            return wait_until(look, what, seconds=seconds)
    except (Exception, eventlet.Timeout) as error:
        if time.monotonic() < end:
            raise
        # A look that was interrupted may have made something else of it: a database driver says that its connection is closed.
        raise AssertionError(f"not within {seconds:g} s: {what}") from error
