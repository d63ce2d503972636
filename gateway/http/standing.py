"""Who may do what now: a token proves who asks, the registry says what that account or API client may do at this moment."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from chassis import Work
from chassis.wire.call import Call
from chassis.work.executor import Executor
from gateway.account.principal import Credentials
from gateway.http.tokens import Claim

SECONDS = 2.0
"""So old may be what is known of a principal: within it a replica sees what another one has changed (ADR 0033)."""
_MOST = 10_000

Find = Callable[[Work, str, str | None], Credentials | None]
"""What the registry knows of a principal, and of the session if the token has one."""


@dataclass(frozen=True)
class Identity:
    """Who asks: `principal` is unique and permanent, `actor` the name that documents and events carry."""

    principal: str
    actor: str
    locale: str
    dealers: dict[str, frozenset[str]]
    group_roles: frozenset[str]


class Standing:
    """Whom the registry knows. What this process commits is seen at once, what others commit after SECONDS at most."""

    def __init__(self, executor: Executor, find: Find) -> None:
        self._executor = executor
        self._find = find
        self._known: dict[tuple[str, str | None], tuple[float, int, Identity | None]] = {}
        self._changes = 0
        executor.on_commit(self._forget)

    def of(self, claim: Claim) -> Identity | None:
        """Who it is; None for somebody unknown or locked, and for a token of an earlier secret or of a session that has ended.

        Raises Unavailable when the registry's database is away: nobody is let in on what they were allowed before.
        """
        who = (claim.principal, claim.session_id)
        read_at, current, identity = self._known.get(who) or (0.0, 0, None)
        now = time.monotonic()
        if not read_at or now - read_at > SECONDS:
            changes = self._changes
            found = self._executor.read(lambda work: self._find(work, *who), Call())
            current, identity = (found.secret_number, _identity(found)) if found is not None and found.active else (0, None)
            if len(self._known) >= _MOST:
                self._known.clear()
            if changes == self._changes:  # else this process has committed something that may not have been read yet
                self._known[who] = (now, current, identity)
        return identity if claim.secret_number == current else None

    def _forget(self) -> None:
        self._changes += 1
        self._known.clear()


def _identity(found: Credentials) -> Identity:
    return Identity(
        principal=found.principal,
        actor=found.actor,
        locale=found.locale,
        dealers={dealer: frozenset(roles) for dealer, roles in found.dealers.items()},
        group_roles=frozenset(found.group_roles),
    )
