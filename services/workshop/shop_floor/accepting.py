"""The team accepts a car before it works on it, or says what damage the walk-around does not have (Rule W24)."""

from collections.abc import Sequence
from datetime import datetime

from chassis import Refused, Work
from contracts.workshop.damage import Damage, refuse_twice
from contracts.workshop.events import CarAccepted
from contracts.workshop.shop_floor import AcceptCar
from services.workshop.order.acceptance import accepted
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder


def accept_car(work: Work, command: AcceptCar) -> WorkOrder:
    """Whoever accepts it has it from then on; it is done once, and never changed."""
    refuse_twice("new_damages", command.new_damages)
    order = work.edit(WorkOrder, command.work_order_id)
    accept(order, command.new_damages, by=work.actor, at=work.now)
    return order


def accept(order: WorkOrder, new_damages: Sequence[Damage], *, by: str, at: datetime) -> None:
    """The car is as its walk-around says, but for these damages. Raises Refused where there is none, and the second time."""
    order.require(Transition.ACCEPT_CAR)
    if not order.walk_around_version:
        raise Refused("no_walk_around")
    if order.acceptance is not None:
        raise Refused("car_accepted", name=order.acceptance["by"])
    order.acceptance = accepted(new_damages, by=by, at=at)
    order.announce(CarAccepted(work_order_id=order.id, accepted_by=by, accepted_at=at, new_damages=list(new_damages)))


def require_accepted(order: WorkOrder) -> None:
    """Nobody begins work on a car that was walked around and that the team has not looked at."""
    begun = any(line.begun_at is not None for line in order.lines)
    if order.walk_around_version and order.acceptance is None and not begun:
        raise Refused("car_not_accepted")
