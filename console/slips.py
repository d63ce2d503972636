"""The floor as the board's readers see it: a slip for each car, made for hundreds of them on one page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from console.showing import moment, span
from console.speaking import t, word
from console.tags import SHAPES, TONES

LANES = ("open", "dispatched", "in_progress", "on_hold", "quality_check", "ready")
GIVEN = ("dispatched", "in_progress", "on_hold")
WEIGHTS = 6
_HOUR = 60


class At(NamedTuple):
    """Somebody at work on a line since some time."""

    login: str
    name: str
    since: datetime
    minutes: int


class Slip(NamedTuple):
    """What a card says of a car."""

    one: Mapping[str, Any]
    technician: str
    due: str
    late: str
    running: Sequence[tuple[Mapping[str, Any], Sequence[At]]]
    planned: Decimal
    worked: Decimal
    waits: Sequence[tuple[str, str]]

    @property
    def at(self) -> list[At]:
        """Who is at work on it now."""
        return [each for _, people in self.running for each in people]

    @property
    def over(self) -> bool:
        """More time was clocked than planned."""
        return self.worked > self.planned > 0

    @property
    def whose(self) -> str:
        """To whom it was given; of what is no longer theirs, nobody is said."""
        one = self.one
        return (one.get("team_name") or self.technician) if one["status"] in GIVEN else ""


@dataclass(frozen=True)
class Lane:
    """The cars in one state; `weight` is how much of the board's width they need, from 1 to 6."""

    status: str
    slips: Sequence[Slip]
    weight: int


@dataclass(frozen=True)
class Place:
    """A technician or a bay: which car is there now and since when, which come next, how many hours of work that is.

    `blocked` is the overdue lift to which no work is sent.
    """

    key: str
    name: str
    now: Mapping[str, Any] | None
    busy: bool
    since: datetime | None
    following: Sequence[Mapping[str, Any]]
    hours_left: str
    blocked: str | None = None


@dataclass
class Floor:
    """The board as it was answered, and the moment at which it is looked at."""

    board: Mapping[str, Any]
    now: datetime
    zone: ZoneInfo
    called: Callable[[str, str | None], str] = lambda login, named: named or login
    _cars: dict[str, Mapping[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self._cars = {one["id"]: one for one in self.board["orders"]}
        self._today = self.now.astimezone(self.zone).date()
        self._word = cache(word)
        self._wait = cache(lambda code: t(f"board.waits.{code}"))

    @cached_property
    def lanes(self) -> list[Lane]:
        """Every state a car on the floor can be in, also one in which none is: a lane keeps its place."""
        found: dict[str, list[Slip]] = {status: [] for status in LANES}
        for one in self.board["orders"]:
            found[one["status"]].append(self._slip(one))
        most = max(1, *(len(slips) for slips in found.values()))
        return [Lane(status, slips, max(1, -(-len(slips) * WEIGHTS // most))) for status, slips in found.items()]

    def slip(self, work_order_id: str) -> Slip | None:
        """One of them; none if the car is not on the floor."""
        one = self._cars.get(work_order_id)
        return self._slip(one) if one is not None else None

    @property
    def technicians(self) -> list[Place]:
        """Everybody with what they do now and what lies on them."""
        return [
            self._place(
                one,
                one["technician"],
                self.called(one["technician"], one["technician_name"]),
                (one["running"] or {}).get("work_order_id"),
                (one["running"] or {}).get("since"),
            )
            for one in self.board["technicians"]
        ]

    @property
    def bays(self) -> list[Place]:
        """Every bay with the car in it and those that were sent to it."""
        return [self._place(one, one["bay"], one["bay"], one["occupied_by"]) for one in self.board["bays"]]

    @property
    def offered_bays(self) -> list[Place]:
        """Those of the dealer's list, to which work can be sent; none while the dealer has no list."""
        return [place for place, one in zip(self.bays, self.board["bays"], strict=True) if one["listed"] and not place.blocked]

    def free_first(self, places: Iterable[Place]) -> list[Place]:
        """Those where nobody waits for anything come first: the likeliest choice."""
        return sorted(places, key=lambda one: (one.busy, Decimal(one.hours_left)))

    def _place(self, one: Mapping[str, Any], key: str, name: str, now: str | None, since: str | None = None) -> Place:
        following = [self._cars[other] for other in one["work_order_ids"] if other != now and other in self._cars]
        began = datetime.fromisoformat(since) if since else None
        return Place(
            key, name, self._cars.get(now or ""), now is not None, began, following, one["hours_left"], one.get("blocked_by")
        )

    def _slip(self, one: Mapping[str, Any]) -> Slip:
        work = [line for line in one["lines"] if line["kind"] == "labour" and line["state"] == "approved"]
        at = [(line, [self._at(time) for time in line["times"] if time["since"]]) for line in one["lines"]]
        running = [(line, people) for line, people in at if people]
        minutes = sum(line["minutes"] for line in one["lines"]) + sum(each.minutes for _, people in running for each in people)
        return Slip(
            one,
            technician=self.called(one["technician"], one["technician_name"]) if one["technician"] else "",
            due=self._due(one["promised_at"]),
            late=span(one["late_minutes"]) if one["late_minutes"] else "",
            running=running,
            planned=_tenths(sum((Decimal(line["hours"] or 0) for line in work), Decimal(0))),
            worked=_tenths(Decimal(minutes) / _HOUR),
            waits=self._waits(one, bool(work)),
        )

    def _at(self, time: Mapping[str, Any]) -> At:
        since = datetime.fromisoformat(time["since"])
        minutes = max(0, (self.now - since) // timedelta(minutes=1))
        return At(time["technician"], self.called(time["technician"], time["technician_name"]), since, minutes)

    def _due(self, promised_at: str | None) -> str:
        """Today's promise by its hour alone: a wall of cards has no room for more."""
        if promised_at is None:
            return ""
        at = datetime.fromisoformat(promised_at).astimezone(self.zone)
        return f"{at.hour:02}:{at.minute:02}" if at.date() == self._today else moment(promised_at)

    def _waits(self, one: Mapping[str, Any], agreed: bool) -> list[tuple[str, str]]:
        """What it waits for, and what somebody should know of it, each with the tone that it has."""
        found = []
        if one["hold_reason"]:
            found.append(("waiting", self._word("hold", one["hold_reason"])))
        elif one["status"] == "open":
            code = "decision" if one["undecided"] else "" if agreed else "estimate"
            found += [("waiting", self._wait(code)) if code else ("ok", self._wait("foreman"))]
        elif one["undecided"] and one["status"] in GIVEN:
            found.append(("waiting", self._wait("decision")))
        if one["status"] == "dispatched" and not one["rework_count"] and any(line["times"] for line in one["lines"]):
            found.append(("neutral", self._wait("begun")))
        if one["parts_here"] is False and one["status"] in ("open", *GIVEN):
            found.append(("waiting", self._wait("parts")))
        if one["parts_here"] and one["hold_reason"] == "parts":
            found.append(("ok", self._wait("parts_here")))
        if one["rework_count"] and one["status"] in (*GIVEN, "quality_check"):
            found.append(("late", self._wait("rework")))
        if one["at_risk"] and not one["late_minutes"]:
            found.append(("late", self._wait("at_risk")))
        if one.get("high_voltage") and one["status"] in (*GIVEN, "quality_check"):
            tone = TONES["high_voltage"][one["high_voltage"]]
            found.append((tone, f"{SHAPES[tone]} {self._word('high_voltage', one['high_voltage'])}"))
        if one["waiting"]:
            found.append(("neutral", self._wait("customer")))
        return found


def _tenths(hours: Decimal) -> Decimal:
    return hours.quantize(Decimal("0.1"), ROUND_HALF_UP)
