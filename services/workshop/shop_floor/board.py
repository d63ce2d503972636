"""The floor as it is now, read in a number of statements that does not depend on how much there is (Rules W9, W22)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from chassis import DEALER, Hours, Work, colleagues
from contracts.roles import TECHNICIAN
from contracts.shared import BAY
from contracts.workshop.board import Board, BoardBay, BoardOrder, BoardTeam, BoardTechnician, Running
from services.workshop.equipment.blocking import blocked_bays
from services.workshop.order.occupancy import Occupancy
from services.workshop.order.status import GIVEN, HERE
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.settings import WorkshopSettings
from services.workshop.shop_floor.card import cards_here
from services.workshop.shop_floor.proposal import open_labour
from services.workshop.team.presence import working_teams
from services.workshop.team.team import Team

MOST_CARDS = 500

_LISTED_BAYS: Any = select(WorkshopSettings.bays).where(WorkshopSettings.dealer_id == DEALER)
_OCCUPIED: Any = select(Occupancy.name, Occupancy.work_order_id).where(Occupancy.dealer_id == DEALER, Occupancy.resource == "bay")


@dataclass(frozen=True)
class Floor:
    """What is on the floor now, and who and what is there for it: read once for whatever is told of it.

    `technicians` are those of the dealer by login, `listed` its bays; `occupied` and `blocked` are by `BAY.key`.
    """

    cards: list[BoardOrder]
    left_out: int
    technicians: Mapping[str, str]
    teams: Sequence[Team]
    listed: Sequence[str]
    occupied: Mapping[str, str]
    blocked: Mapping[str, str]


def floor(work: Work) -> Floor:
    """As it is at this moment."""
    found = cards_here(work, MOST_CARDS)
    count = len(found)
    if count == MOST_CARDS:
        ((count,),) = work.execute(select(func.count()).select_from(WorkOrder).where(WorkOrder.status.in_(HERE)))
    settings = work.ask(_LISTED_BAYS)
    return Floor(
        cards=found,
        left_out=count - len(found),
        technicians=colleagues(work, role=TECHNICIAN),
        teams=working_teams(work),
        listed=settings[0].bays if settings else [],
        occupied={row.name: row.work_order_id for row in work.ask(_OCCUPIED)},
        blocked=blocked_bays(work),
    )


def board(floor: Floor) -> Board:
    """The floor as the board shows it."""
    return Board(
        orders=floor.cards,
        technicians=technicians(floor),
        bays=bays(floor),
        teams=[_team(one) for one in floor.teams],
        left_out=floor.left_out,
    )


def running(found: Iterable[BoardOrder]) -> dict[str, Running]:
    """What each technician who is clocked on is at."""
    return {
        time.technician: Running(work_order_id=card.id, line_id=line.line_id, since=time.since)
        for card in found
        for line in card.lines
        for time in line.times
        if time.since is not None
    }


def technicians(floor: Floor) -> list[BoardTechnician]:
    """Everybody whom the dealer has as technician, and whoever else has something to do: an order, or a line of one."""
    given, now = _given(floor.cards, whose), running(floor.cards)
    return [
        BoardTechnician(
            technician=login,
            technician_name=floor.technicians.get(login),
            running=now.get(login),
            work_order_ids=[card.id for card in given.get(login, ())],
            hours_left=_hours_left(given.get(login, ()), login),
        )
        for login in sorted({*floor.technicians, *given, *now})
    ]


def bays(floor: Floor) -> list[BoardBay]:
    """The dealer's bays in the order of its list, then whichever else has something to do."""
    given = _given(floor.cards, lambda card: [BAY.key(card.bay)] if card.bay else [])
    listed = {BAY.key(bay): bay for bay in floor.listed}
    others = {key: key for key in floor.occupied} | {
        BAY.key(card.bay): card.bay for sent in given.values() for card in sent if card.bay
    }
    return [
        BoardBay(
            bay=bay,
            listed=key in listed,
            occupied_by=floor.occupied.get(key),
            blocked_by=floor.blocked.get(key),
            work_order_ids=[card.id for card in given.get(key, ())],
            hours_left=_hours_left(given.get(key, ())),
        )
        for key, bay in {**listed, **{key: others[key] for key in sorted(others) if key not in listed}}.items()
    ]


def whose(card: BoardOrder) -> list[str]:
    """Who leads it, and to whom lines of it were given that are not done."""
    given = {line.technician for line in open_labour(card) if line.technician is not None}
    return sorted(given | ({card.technician} if card.technician is not None else set()))


def _given(found: Iterable[BoardOrder], to: Callable[[BoardOrder], Iterable[str]]) -> dict[str, list[BoardOrder]]:
    given: dict[str, list[BoardOrder]] = defaultdict(list)
    for card in found:
        for name in to(card) if card.status in GIVEN else ():
            given[name].append(card)
    return given


def _hours_left(given: Iterable[BoardOrder], login: str | None = None) -> Hours:
    lines = ((card, line) for card in given for line in open_labour(card))
    theirs = (line for card, line in lines if login is None or (line.technician or card.technician) == login)
    return Hours(sum(line.hours.units for line in theirs if line.hours is not None))


def _team(team: Team) -> BoardTeam:
    return BoardTeam(team_id=team.id, team_name=team.team_name, leader=team.leader, members=team.members)
