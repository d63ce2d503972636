"""How long something may take in all, whatever it is made of: each of its steps may keep its own limit, and all of them none."""

from collections.abc import Iterator
from contextlib import contextmanager

import eventlet


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Do the block in so many seconds. Raises TimeoutError, in the middle of what it waits for, when they are over."""
    limit = eventlet.Timeout(seconds)
    try:
        yield
    except eventlet.Timeout as error:
        if error is not limit:
            raise
        raise TimeoutError(f"not within {seconds:g} s") from None
    finally:
        limit.cancel()
