"""What becomes of a message that could not be handled.

- a refusal or a bad message will not get better by itself: dead at once, with its reason;
- a failure (an exception nobody foresaw) is retried with growing delay, then dead;
- an early message (NotYet, or of a newer version than known) is tried again without counting, until a limit.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chassis.events.parked import ParkedMessage
from chassis.wire.envelope import BadEnvelope
from chassis.wire.errors import NotYet, ServiceError


class NewerVersion(NotYet):
    """The message has a newer major version than this replica knows; a newer replica will handle it."""


class ProcessEnded(Exception):
    """The process ended while it tried the message, which may be why."""


@dataclass(frozen=True)
class RetryPolicy:
    """How often and when one subscription tries again; given to `subscribe` where the usual one does not fit.

    A failure is retried after each of `delays`, then the message is dead. An early message is tried again as soon as an event of
    the aggregate it waits for has had its effect; and anyway after as long as it has waited, but after `early_first` at the
    soonest and `early_longest` at the latest. It is dead after `early_limit`.
    """

    delays: tuple[timedelta, ...] = tuple(timedelta(seconds=seconds) for seconds in (1, 10, 60, 300, 1200, 3600))
    early_first: timedelta = timedelta(milliseconds=250)
    early_longest: timedelta = timedelta(minutes=1)
    early_limit: timedelta = timedelta(hours=24)

    def after(self, error: BaseException, entry: ParkedMessage, now: datetime) -> ParkedMessage:
        """What becomes of the message after this error."""
        reason = f"{type(error).__name__}: {error}"[:2000]
        if isinstance(error, NotYet):
            waited = timedelta(milliseconds=entry.waited_ms)
            if waited >= self.early_limit:
                return replace(entry, kind="dead", next_at=None, reason=f"still early after {self.early_limit}: {reason}")
            pause = min(max(waited, self.early_first), self.early_longest)
            return replace(
                entry,
                kind="early",
                next_at=now + pause,
                reason=reason,
                waits_for=error.waits_for,
                waited_ms=(waited + pause) // timedelta(milliseconds=1),
            )
        if isinstance(error, ServiceError | BadEnvelope) or entry.attempts >= len(self.delays):
            return replace(entry, kind="dead", next_at=None, reason=reason)
        delay = self.delays[entry.attempts]
        return replace(entry, kind="retrying", attempts=entry.attempts + 1, next_at=now + delay, reason=reason)

    @property
    def longest(self) -> timedelta:
        """No pause is longer."""
        return max(*self.delays, self.early_first, self.early_longest)


USUAL = RetryPolicy()
