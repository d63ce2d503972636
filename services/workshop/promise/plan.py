"""When work is done, after the work before it, by those who are there: without a table or a clock (Rule W6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.workshop.team.shifts import Stretch, worked_off

LEAST = timedelta(minutes=15)
"""So much is left of a line that took its planned time and is not done."""

Share = Mapping[str | None, timedelta]
"""Work by whose it is; of None, whoever is done with it first."""


@dataclass(frozen=True)
class Done:
    """From when to when, and who is done last."""

    technician: str | None
    starts_at: datetime
    ends_at: datetime


@dataclass
class Shop:
    """Who is there when, and until when they are busy; None: for longer than anybody looks ahead."""

    now: datetime
    people: Mapping[str, Sequence[Stretch]]
    free_at: dict[str, datetime | None] = field(default_factory=dict)

    def take(self, share: Share) -> None:
        """Work that comes before: those who have it are busy with it."""
        for login, work in _known(share, self.people).items():
            found = self._first(work, self.now) if login is None else self._span(login, work, self.now)
            if found is not None:
                self.free_at[found.technician or ""] = found.ends_at
            elif login is not None:
                self.free_at[login] = None

    def finish(self, share: Share, not_before: datetime) -> Done | None:
        """When that work is done, if it begins then at the earliest; None if they are not there long enough."""
        found = [
            self._first(work, not_before) if login is None else self._span(login, work, not_before)
            for login, work in _known(share, self.people).items()
        ]
        done = [one for one in found if one is not None]
        if len(done) < len(found) or not done:
            return None
        last = max(done, key=lambda one: one.ends_at)
        return Done(last.technician, min(one.starts_at for one in done), last.ends_at)

    def _first(self, work: timedelta, not_before: datetime) -> Done | None:
        spans = [span for login in self.people if (span := self._span(login, work, not_before)) is not None]
        return min(spans, key=lambda one: one.ends_at, default=None)

    def _span(self, login: str, work: timedelta, not_before: datetime) -> Done | None:
        free_at = self.free_at.get(login, self.now)
        if free_at is None:
            return None
        starts = worked_off(self.people[login], max(free_at, not_before), timedelta())
        ends = None if starts is None else worked_off(self.people[login], starts, work)
        return None if starts is None or ends is None else Done(login, starts, ends)


def left_of(planned: timedelta, clocked: timedelta) -> timedelta:
    """What is left of a line that is not done."""
    return max(planned - clocked, min(LEAST, planned))


def added(shares: Iterable[tuple[str | None, timedelta]]) -> dict[str | None, timedelta]:
    """By whose it is."""
    found: dict[str | None, timedelta] = {}
    for whose, work in shares:
        found[whose] = found.get(whose, timedelta()) + work
    return found


def _known(share: Share, people: Mapping[str, Sequence[Stretch]]) -> dict[str | None, timedelta]:
    """What was given to somebody who is no technician any more is anybody's."""
    return added((whose if whose in people else None, work) for whose, work in share.items())
