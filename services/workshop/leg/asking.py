"""What somebody must decide about legs (Rule B14, docs/domain.md): asked for as long as it is so, and settled by itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select, union
from sqlalchemy.orm import aliased

from chassis import Work, colleagues
from contracts.roles import DRIVER, SERVICE_MANAGER
from contracts.workshop.leg import LegQuestion, PlannedLeg
from services.workshop.leg.giving_back import to_settle
from services.workshop.leg.leg import LIVE, Leg
from services.workshop.leg.trip import ACCEPTED, BROUGHT_BACK, LEAVES, OFF, OVER, TO_COME, comes, fetched, vehicle_of, waits
from services.workshop.order import custody
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.appointment import FollowedAppointment
from services.workshop.projections.vehicle import KnownVehicle

SHOWN = 500
REMEMBERED = timedelta(days=60)
"""What ended before that is nobody's matter any more."""


@dataclass(frozen=True)
class Question:
    """One leg, what is to be decided about it, and since when."""

    leg: Leg
    question: LegQuestion
    since: datetime
    plate_now: str | None = None

    @property
    def plate(self) -> str:
        """As the file has it now, also of a leg that is done and says what it said."""
        return self.plate_now or self.leg.plate

    def in_plan(self) -> PlannedLeg:
        """The leg as a day shows it, with what is asked."""
        return _planned(self.leg, self.question, plate=self.plate)


def questions(work: Work, *which: ColumnElement[bool], of: Sequence[Leg] | None = None) -> list[Question]:
    """All of them, or those about these legs; those first that have lasted longest. Where no leg is, little is asked."""
    legs: Sequence[Any] = _that_matter(work, *which) if of is None else of
    kinds = [kind for about, kind in KINDS if any(map(about, legs))]
    found = [one for kind in kinds for one in kind(work, *which)]
    return sorted(found, key=lambda one: (one.since, one.leg.id))


def _that_matter(work: Work, *which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """What of legs there is to be asked about: a row for each kind of leg, however many they are.

    Each by its own index: with `or` a long history would be read.
    """
    over = Leg.state.in_(("done", "failed", "cancelled")), _recent(work)
    matter = Leg.state.in_(LIVE), and_(Leg.state == "done", Leg.question.is_not(None)), and_(*over)
    return work.execute(union(*(select(Leg.state, Leg.direction, Leg.question).where(*which, one) for one in matter)))


def asked_about(work: Work, legs: Sequence[Leg]) -> dict[str, LegQuestion]:
    """What somebody must decide about these legs, by their ids: the same wherever a leg is shown."""
    return by_leg(questions(work, Leg.id.in_([leg.id for leg in legs]), of=legs)) if legs else {}


def by_leg(asked: Sequence[Question]) -> dict[str, LegQuestion]:
    """What is asked, by the ids of the legs."""
    return {one.leg.id: one.question for one in asked}


def listed(legs: Sequence[Leg], asked: Mapping[str, LegQuestion]) -> list[PlannedLeg]:
    """Legs as lists show them, with what is asked about each."""
    return [_planned(leg, asked.get(leg.id)) for leg in legs]


def _planned(leg: Leg, question: LegQuestion | None, **now: str) -> PlannedLeg:
    return PlannedLeg(**{**leg.planned(), "question": question, **now})


def _live(work: Work, *which: ColumnElement[bool]) -> Iterator[Question]:
    # What it was asked itself; a pick-up of a car that is here; one that nobody drives any more; a return whose order is at work.
    drivers = sorted(colleagues(work, role=(DRIVER, SERVICE_MANAGER)))
    order = select(WorkOrder.id).where(WorkOrder.id == Leg.work_order_id, WorkOrder.status != Status.VOID)
    known = FollowedAppointment.id == Leg.appointment_id
    arrived = select(FollowedAppointment.id).where(known, FollowedAppointment.status.not_in((*TO_COME, *OFF)))
    came = and_(Leg.direction == "pick_up", Leg.appointment_at.is_not(None), or_(order.exists(), arrived.exists()))
    gone = and_(Leg.driver.is_not(None), Leg.driver.not_in(drivers))
    at_work = select(WorkOrder.id).where(WorkOrder.id == Leg.work_order_id, WorkOrder.status.not_in((*BROUGHT_BACK, Status.VOID)))
    unaccepted = select(WorkOrder.id).where(WorkOrder.id == Leg.work_order_id, WorkOrder.status.not_in(LEAVES))
    planned = and_(Leg.appointment_at.is_(None), Leg.state == "planned", at_work.exists())
    reopened = and_(Leg.direction == "return", or_(planned, and_(Leg.state == "under_way", unaccepted.exists())))
    live = Leg.state.in_(LIVE)
    for leg in work.all(_some(*which, live, Leg.question.is_not(None))):
        assert leg.question is not None, "it was asked for"
        yield Question(leg, leg.question, leg.begins_at)
    asked: set[str] = set()
    found: tuple[tuple[ColumnElement[bool], LegQuestion], ...] = (
        (came, "car_is_here"),
        (gone, "driver_gone"),
        (reopened, "order_reopened"),
    )
    for condition, question in found:
        for leg in work.all(_some(*which, live, Leg.question.is_(None), condition)):
            if leg.id not in asked:
                asked.add(leg.id)
                yield Question(leg, question, leg.begins_at)


def _failed(work: Work, *which: ColumnElement[bool]) -> Iterator[Question]:
    # The newest of its car that came to nothing, while the car is still to be fetched, or what is the customer's is still here.
    for leg in work.all(_some(*which, Leg.state == "failed", _recent(work), ~_other(Leg.direction))):
        if _is_to_come(work, leg) if leg.direction == "pick_up" else is_here(work, leg):
            yield Question(leg, "leg_failed", _ended(leg))


def _kept(work: Work, *which: ColumnElement[bool]) -> Iterator[Question]:
    # Its return is off, the work accepted, and what is the customer's still with somebody of ours.
    accepted = select(WorkOrder.id).where(WorkOrder.id == Leg.work_order_id, WorkOrder.status.in_(ACCEPTED))
    off = Leg.direction == "return", Leg.state == "cancelled", _recent(work), accepted.exists()
    last = ~_other("return", later=("failed", "cancelled")), ~_other("return", "failed")
    for leg in work.all(_some(*which, *off, *last)):
        if is_here(work, leg):
            yield Question(leg, "not_given_back", _ended(leg))


def _is_to_come(work: Work, leg: Leg) -> bool:
    if leg.fetches_for_order and leg.work_order_id is not None:
        return work.get(WorkOrder, leg.work_order_id).status not in LEAVES
    known = None if leg.appointment_id is None else work.find(FollowedAppointment, leg.appointment_id)
    return known is not None and comes(work, known)


def _not_brought_back(work: Work, *which: ColumnElement[bool]) -> Iterator[Question]:
    # It was fetched, and nothing comes of it: its appointment is off, or its order void, and no return stands.
    off = select(FollowedAppointment.id).where(FollowedAppointment.id == Leg.appointment_id, FollowedAppointment.status.in_(OFF))
    void = select(WorkOrder.id).where(WorkOrder.id == Leg.work_order_id, WorkOrder.status == Status.VOID)
    over = or_(and_(Leg.work_order_id.is_(None), off.exists()), void.exists())
    came = Leg.direction == "pick_up", Leg.state == "done", _recent(work)
    for leg in work.all(_some(*which, *came, over, ~_other("return"), ~_other("return", "failed"))):
        if is_here(work, leg):
            yield Question(leg, "car_to_return", _ended(leg), _plate_now(work, leg))


def _waiting(work: Work, *which: ColumnElement[bool]) -> Iterator[Question]:
    # It was fetched, and its appointment is on another day by now.
    ahead = select(FollowedAppointment.id).where(
        FollowedAppointment.id == Leg.appointment_id, FollowedAppointment.status.in_(TO_COME)
    )
    came = Leg.direction == "pick_up", Leg.state == "done", _recent(work), Leg.collected_at.is_(None), Leg.work_order_id.is_(None)
    for leg in work.all(_some(*which, *came, ahead.exists(), ~_other("return", *LIVE, "done"), ~_other("return", "failed"))):
        if waits(work, leg):
            yield Question(leg, "car_waits", _ended(leg))


def _not_given_back(work: Work, *which: ColumnElement[bool]) -> Iterator[Question]:
    for leg in to_settle(work, *which):
        yield Question(leg, "not_given_back", _ended(leg))


def _less(work: Work, *which: ColumnElement[bool]) -> Iterator[Question]:
    # The walk-around has less than the driver signed for, and nobody said why.
    here = select(WorkOrder.id).where(WorkOrder.id == Leg.work_order_id, WorkOrder.status.not_in(LEAVES))
    for leg in work.all(_some(*which, Leg.state == "done", Leg.question == "less_than_at_door", here.exists())):
        yield Question(leg, "less_than_at_door", _ended(leg))


def _home(work: Work, *which: ColumnElement[bool]) -> Iterator[Question]:
    # The car is home again and its order void: nobody waits for it, and its appointment says that it is here.
    void = select(WorkOrder.id).where(WorkOrder.id == Leg.work_order_id, WorkOrder.status == Status.VOID)
    arrived = select(FollowedAppointment.id).where(FollowedAppointment.id == Leg.appointment_id)
    stands = arrived.where(FollowedAppointment.status == "arrived").exists()
    another = select(WorkOrder.id).where(WorkOrder.appointment_id == Leg.appointment_id, WorkOrder.status != Status.VOID)
    over = Leg.state == "done", Leg.question.is_(None), _recent(work), OVER
    for leg in work.all(_some(*which, *over, void.exists(), stands, ~another.exists())):
        yield Question(leg, "visit_open", leg.collected_at or _ended(leg))


def _some(*which: ColumnElement[bool]) -> Select[Leg]:
    return select(Leg).where(*which).order_by(Leg.begins_at, Leg.id).limit(SHOWN)


def _recent(work: Work) -> ColumnElement[bool]:
    return Leg.ended_at >= work.now - REMEMBERED


def _other(direction: Any, *states: str, later: Sequence[str] = ("failed",)) -> ColumnElement[bool]:
    """Another leg of the same trip of the car in that direction: in these states, or one that stands or came later to nothing."""
    other = aliased(Leg)
    same = or_(other.appointment_id == Leg.appointment_id, other.work_order_id == Leg.work_order_id)
    after = and_(other.state.in_(later), other.id > Leg.id)
    stands = other.state.in_(states) if states else or_(other.state.in_((*LIVE, "done")), after)
    of_trip = other.dealer_id == Leg.dealer_id, other.trip == Leg.trip, same
    return select(other.id).where(*of_trip, other.direction == direction, stands).exists()


KINDS: Sequence[tuple[Callable[[Any], bool], Callable[..., Iterator[Question]]]] = (
    (lambda leg: leg.state in LIVE, _live),
    (lambda leg: leg.state == "failed", _failed),
    (lambda leg: leg.state == "cancelled", _kept),
    (lambda leg: leg.state == "done" and leg.direction == "pick_up", _not_brought_back),
    (lambda leg: leg.state == "done" and leg.direction == "pick_up", _waiting),
    (lambda leg: leg.question == "not_given_back", _not_given_back),
    (lambda leg: leg.question == "less_than_at_door", _less),
    (lambda leg: leg.state == "done", _home),
)
"""What is asked, each with the legs that it may be asked about: what a leg cannot be asked is not looked for."""


def is_here(work: Work, leg: Leg) -> bool:
    """Whether the fetched car is here: somebody has what is the customer's, or nobody recorded that they fetched it."""
    if leg.work_order_id is not None:
        return bool(custody.of_customer(work, work.get(WorkOrder, leg.work_order_id)))
    return leg.appointment_id is not None and fetched(work, leg.appointment_id) is not None


def _plate_now(work: Work, leg: Leg) -> str | None:
    vehicle_id = vehicle_of(work, leg)
    known = None if vehicle_id is None else work.find(KnownVehicle, vehicle_id)
    return None if known is None else known.vehicle.plate


def _ended(leg: Leg) -> datetime:
    assert leg.ended_at is not None, "it is over"
    return leg.ended_at
