"""Passwords and client secrets: kept as argon2id hashes, compared in a time that reveals nothing.

A hash takes tens of milliseconds and 64 MiB by design. It is computed in a native thread, a few at a time: computed in
the event loop it would stop every other request, computed without limit a burst of logins would take the memory.
"""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from eventlet import tpool
from eventlet.semaphore import Semaphore

_AT_ONCE = 2

_hasher = PasswordHasher()
_turn = Semaphore(_AT_ONCE)


@cache
def nobodys() -> str:
    """What an unknown login is compared with, so that refusing it takes as long as refusing a known one."""
    return _hasher.hash("nobody's secret")


def hashed(secret: str) -> str:
    """The hash to keep."""
    with _turn:
        return str(tpool.execute(_hasher.hash, secret))


def matches(kept: str, secret: str) -> bool:
    """Whether `secret` is the one that was hashed."""
    with _turn:
        return bool(tpool.execute(_verify, kept, secret))


def _verify(kept: str, secret: str) -> bool:
    try:
        return _hasher.verify(kept, secret)
    except (VerificationError, InvalidHashError):
        return False
