"""Who should begin which order where and when: worked out from what is known, without a table or a clock (Rule W9)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from chassis import Hours
from contracts.shared import BAY
from contracts.workshop.board import BoardLine, BoardOrder
from contracts.workshop.dispatch_proposal import DispatchProposal, NobodyBecause, PassedOver
from services.workshop.team.shifts import Stretch, worked_off

RANKS = {"comeback": 0, "booked": 1, "normal": 2}
LATEST = datetime.max.replace(tzinfo=UTC)


def queue_place(card: BoardOrder) -> tuple[int, datetime, datetime, str]:
    """The order of the queue: comebacks, then who booked, then the others; the earliest promise first."""
    return RANKS[card.priority], card.promised_at or LATEST, card.opened_at, card.number


def open_labour(card: BoardOrder) -> list[BoardLine]:
    """Approved labour that is not done."""
    return [line for line in card.lines if line.kind == "labour" and line.state == "approved" and line.done_at is None]


def hours_left(card: BoardOrder, of: str | None = None) -> timedelta:
    """The planned time of what is open and was given to that technician; of None, to who leads the order."""
    left = (line.hours.units for line in open_labour(card) if line.technician == of and line.hours)
    return timedelta(hours=sum(left) / 100)


@dataclass(frozen=True)
class Candidate:
    """A technician: how they are called, when they are there, what they are certified for now."""

    login: str
    name: str
    team_name: str | None
    present: bool
    attended: Sequence[Stretch]
    skills: frozenset[str]


@dataclass
class Plan:
    """Until when everybody and every bay is taken, as far as work was given out or is proposed."""

    now: datetime
    candidates: Mapping[str, Candidate]
    bays: Sequence[str]
    free_at: dict[str, datetime | None] = field(default_factory=dict)
    load: dict[str, timedelta] = field(default_factory=dict)
    bay_free: dict[str, datetime] = field(default_factory=dict)

    def take(self, card: BoardOrder) -> None:
        """The order was given out: its technicians and its bay are taken until its work is done."""
        self._take(card.technician or "", card.bay, hours_left(card))
        self._take_lines(card, card.bay)

    def propose(self, card: BoardOrder, skills: Iterable[str]) -> DispatchProposal:
        """For the next order of the queue, and take it as proposed."""
        work, needed = hours_left(card), sorted(skills)
        bay = min(self.bays, key=lambda one: self.bay_free.get(BAY.key(one), self.now), default=None)
        passed: list[PassedOver] = []
        possible: list[tuple[datetime, timedelta, str, datetime]] = []
        for login, one in self.candidates.items():
            lacking = next((skill for skill in needed if skill not in one.skills), None)
            span = None if lacking is not None else self._span(one, bay, work)
            if lacking is not None:
                passed.append(PassedOver(technician=login, technician_name=one.name, why_not="uncertified", skill=lacking))
            elif span is None:
                passed.append(PassedOver(technician=login, technician_name=one.name, why_not="absent"))
            else:
                possible.append((span[1], self.load.get(login, timedelta()), login, span[0]))
        found = DispatchProposal(
            work_order_id=card.id,
            version=card.version,
            number=card.number,
            plate=card.plate,
            priority=card.priority,
            promised_at=card.promised_at,
            hours=_hours(work),
            skills=needed,
            passed_over=passed,
        )
        if bay is None or not possible:
            return replace(found, nobody_because=self._why_nobody(bay, passed))
        (ends, before, login, starts), *others = sorted(possible)
        chosen = self.candidates[login]
        later = [
            PassedOver(technician=other, technician_name=self.candidates[other].name, why_not="later", ends_at=end)
            for end, _, other, _ in others
        ]
        self._book(login, bay, work, ends)
        self._take_lines(card, bay)
        return replace(
            found,
            technician=login,
            technician_name=chosen.name,
            team_name=chosen.team_name,
            present=chosen.present,
            hours_before=_hours(before),
            bay=bay,
            starts_at=starts,
            ends_at=ends,
            in_time=None if card.promised_at is None else ends <= card.promised_at,
            passed_over=[*passed, *later],
        )

    def _span(self, one: Candidate, bay: str | None, work: timedelta) -> Stretch | None:
        """From when to when they would do it; None if they are not there long enough."""
        free_at = self.free_at.get(one.login, self.now)
        if free_at is None:
            return None
        ready = max(free_at, self.now if bay is None else self.bay_free.get(BAY.key(bay), self.now))
        starts = worked_off(one.attended, ready, timedelta())
        ends = None if starts is None else worked_off(one.attended, starts, work)
        return None if starts is None or ends is None else (starts, ends)

    def _take(self, login: str, bay: str | None, work: timedelta) -> None:
        if login not in self.candidates:
            return
        began = self.free_at.get(login, self.now)
        ends = None if began is None else worked_off(self.candidates[login].attended, began, work)
        self._book(login, bay, work, ends)

    def _take_lines(self, card: BoardOrder, bay: str | None) -> None:
        for login in sorted({line.technician for line in open_labour(card) if line.technician is not None}):
            self._take(login, bay, hours_left(card, of=login))

    def _book(self, login: str, bay: str | None, work: timedelta, ends: datetime | None) -> None:
        self.free_at[login] = ends
        self.load[login] = self.load.get(login, timedelta()) + work
        if bay is not None:
            self.bay_free[BAY.key(bay)] = max(self.bay_free.get(BAY.key(bay), self.now), ends or LATEST)

    def _why_nobody(self, bay: str | None, passed: Sequence[PassedOver]) -> NobodyBecause:
        if bay is None:
            return "no_bay"
        if not passed:
            return "no_technician"
        return "absent" if any(one.why_not == "absent" for one in passed) else "uncertified"


def _hours(work: timedelta) -> Hours:
    return Hours(round(work / timedelta(hours=1) * 100))
