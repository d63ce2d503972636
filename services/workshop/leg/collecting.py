"""The customer fetches the car themselves (Rules B14 and W24, docs/domain.md): one whose visit is off, or is accepted."""

from collections.abc import Sequence

from sqlalchemy import select

from chassis import Invalid, Refused, Work
from contracts.workshop import leg as contract
from contracts.workshop.custody import Thing
from contracts.workshop.leg import CollectCar
from services.workshop.leg.asking import is_here
from services.workshop.leg.giving_back import still_here
from services.workshop.leg.holding import hold
from services.workshop.leg.leg import LIVE, Leg
from services.workshop.leg.planning import keep_clock
from services.workshop.leg.sheet import LegSheet
from services.workshop.leg.telling import describe
from services.workshop.leg.trip import ACCEPTED, OFF, fetched, waits
from services.workshop.order import custody
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.appointment import FollowedAppointment


def collect(work: Work, command: CollectCar) -> contract.Leg:
    """Whatever of the customer's is here goes back to them, and a return that is planned is off.

    Raises Refused where the car is not here, and while its visit is on: then it leaves by its delivery.
    """
    leg = hold(work, command.leg_id)
    if leg.question == "not_given_back":
        return _settle(work, leg, command.reason)
    accepted = None if leg.work_order_id is None else work.lock_root(WorkOrder, leg.work_order_id)
    if accepted is not None and accepted.status in ACCEPTED:
        return _instead_of_return(work, leg, accepted)
    pick_up = None if leg.appointment_id is None else fetched(work, leg.appointment_id)
    if pick_up is None:
        raise Refused("car_not_here")
    order = None if pick_up.work_order_id is None else work.lock_root(WorkOrder, pick_up.work_order_id)
    status = work.get(FollowedAppointment, leg.appointment_id).status if leg.appointment_id else None
    if order.status is not Status.VOID if order is not None else status not in OFF and not waits(work, pick_up):
        raise Refused("car_not_delivered")
    its = Leg.appointment_id == leg.appointment_id, Leg.trip == pick_up.trip
    returns = *its, Leg.direction == "return", Leg.state.in_((*LIVE, "done"))
    others = work.all(select(Leg).where(*returns).order_by(Leg.id).with_for_update())
    if not is_here(work, pick_up) or any(one.state != "planned" for one in others):
        raise Refused("car_not_here")
    _call_off(work, others)
    if pick_up is not leg:
        work.change(pick_up)
    pick_up.collect(_given_back(work, pick_up, order), by=work.actor, at=work.now)
    return describe(work, leg)


def _settle(work: Work, leg: Leg, reason: str | None) -> contract.Leg:
    """The customer has the rest by now, or it is explained where it is: custody ends, and who says so stands for it."""
    if reason is None:
        raise Invalid.field("reason", "required")
    things = still_here(work, leg)
    if leg.work_order_id is not None:
        custody.give_back(work, work.lock_root(WorkOrder, leg.work_order_id), reason=reason)
    leg.settle(things, reason, by=work.actor, at=work.now)
    return describe(work, leg)


def _instead_of_return(work: Work, leg: Leg, order: WorkOrder) -> contract.Leg:
    """The work is accepted, and nobody brings the car any more: the customer came for it."""
    live = Leg.work_order_id == order.id, Leg.direction == "return", Leg.state.in_(LIVE)
    returns = work.all(select(Leg).where(*live).order_by(Leg.id).with_for_update())
    things = list(custody.of_customer(work, order))
    if not things or any(one.state == "under_way" for one in returns):
        raise Refused("car_not_here")
    _call_off(work, returns)
    custody.give_back(work, order)
    pick_up = None if order.appointment_id is None else fetched(work, order.appointment_id)
    told = pick_up or leg
    work.change(told)
    told.collect(things, by=work.actor, at=work.now)
    return describe(work, leg)


def _call_off(work: Work, returns: Sequence[Leg]) -> None:
    for one in returns:
        work.change(one)
        one.cancel("the customer fetched the car", by=work.actor, at=work.now)
        keep_clock(work, one)


def _given_back(work: Work, pick_up: Leg, order: WorkOrder | None) -> list[Thing]:
    """What goes back: by the order's custody, or, before there was one, by the sheet the customer signed."""
    if order is not None:
        things = list(custody.of_customer(work, order))
        custody.give_back(work, order)
        return things
    sheet = work.find(LegSheet, pick_up.id)
    return [] if sheet is None else sheet.document.things
