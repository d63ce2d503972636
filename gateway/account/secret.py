"""Passwords and client secrets: kept as argon2id hashes, compared in a time that reveals nothing.

A hash takes a tenth of a second and 64 MiB by design, or as much as PASSWORD_MEMORY_MIB says; a secret keeps what it was hashed
with. It is computed in a native thread, a few at a time: computed in the event loop it would stop every other request, computed
without limit a burst of logins would take the memory.
"""

import os
from collections.abc import Mapping
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from eventlet import tpool
from eventlet.semaphore import Semaphore

from chassis.process.settings import Source

_AT_ONCE = 2
_USUAL_MIB = 64
_LEAST_MIB = 12
"""With three passes, what OWASP's password storage cheat sheet takes for enough."""

_turn = Semaphore(_AT_ONCE)


def memory_mib(environ: Mapping[str, str]) -> int:
    """How much memory a hash takes. Raises SettingsError for too little."""
    return Source("gateway", environ).number("PASSWORD_MEMORY_MIB", int, _USUAL_MIB, least=_LEAST_MIB)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(memory_cost=memory_mib(os.environ) * 1024)


@cache
def nobodys() -> str:
    """What an unknown login is compared with, so that refusing it takes as long as refusing a known one."""
    return _hasher().hash("nobody's secret")


def hashed(secret: str) -> str:
    """The hash to keep."""
    with _turn:
        return str(tpool.execute(_hasher().hash, secret))


def matches(kept: str, secret: str) -> bool:
    """Whether `secret` is the one that was hashed."""
    with _turn:
        return bool(tpool.execute(_verify, kept, secret))


def _verify(kept: str, secret: str) -> bool:
    try:
        return _hasher().verify(kept, secret)
    except (VerificationError, InvalidHashError):
        return False
