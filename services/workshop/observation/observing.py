"""Putting faults under observation, and ending that (Rule W16)."""

from datetime import datetime

from sqlalchemy import select

from chassis import Refused, Work, set_timer
from chassis.wire.ahead import YEAR, require_ahead
from chassis.wire.wall import on_the_wall
from contracts.workshop import observation as contract
from contracts.workshop.observation import EndObservation, ObserveFault
from services.workshop.observation.observation import REVERSED, Observation
from services.workshop.observation.queries import came_back
from services.workshop.order.comeback import forget_observed, look_out_for
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.operation import require_group


def observe(work: Work, command: ObserveFault) -> contract.Observation:
    """The group knows from now on that a visit of this car for this kind of work is a comeback."""
    order = work.lock_root(WorkOrder, command.work_order_id)
    require_ahead("until", command.until, work.profile.local(work.now).date(), days=YEAR)
    require_group(work, command.operation_group)
    begun = Observation.begin(
        order,
        job=command.job,
        operation_group=command.operation_group,
        fault=command.fault,
        until=command.until,
        until_at=on_the_wall(command.until, "24:00", work.profile.zone),
        by=work.actor,
        at=work.now,
    )
    work.add(begun)
    work.flush(unique="job", otherwise=Refused("fault_observed", job=command.job))
    look_out_for(work, order, begun.id, begun.operation_group, begun.until_at)
    set_timer(work, "ask_about_observation", begun.id, begun.until_at)
    return begun.shown(None)


def end(work: Work, command: EndObservation) -> contract.Observation:
    """It is over: with the reason."""
    found = work.edit(Observation, command.observation_id)
    back = came_back(work, [found.id]).get(found.id)
    _end(work, found, command.reason, work.now)
    return found.shown(back)


def end_reversed(work: Work, order: WorkOrder) -> None:
    """The delivery did not happen, the car never left: nothing is observed (Rule W15)."""
    open_ = select(Observation).where(Observation.work_order_id == order.id, Observation.ended_at.is_(None))
    for one in work.all(open_.order_by(Observation.id).with_for_update(of=Observation)):
        work.change(one)
        _end(work, one, REVERSED, work.now)


def ask(work: Work, observation_id: str) -> None:
    """Its day is over: the advisor is asked, once, unless the car came back for it."""
    found = work.lock_root(Observation, observation_id)
    if found.ended_at is not None or found.asked_at is not None:
        return
    if found.until_at > work.now:
        set_timer(work, "ask_about_observation", found.id, found.until_at)
    elif found.id not in came_back(work, [found.id]):
        work.change(found)
        found.ask(at=work.now)


def _end(work: Work, found: Observation, reason: str, at: datetime) -> None:
    found.end(reason, by=work.actor, at=at)
    forget_observed(work, found.id)
    set_timer(work, "ask_about_observation", found.id, None)
