"""Isolating a car's high-voltage system and re-energising it: two certified people, one step after the other (Rule W30).

Each step locks the order: of two at once the second one sees what the first did, and a database key keeps one standing isolation.
"""

from datetime import timedelta

from chassis import NotFound, Work
from contracts.workshop.isolation import (
    VOLTAGE_UNIT,
    ConfirmEnergising,
    ConfirmIsolation,
    Energise,
    HighVoltage,
    LockOff,
    MeasureIsolation,
    VoidIsolation,
)
from services.workshop.completion.voiding import void_standing
from services.workshop.equipment.blocking import Measured, with_gauges
from services.workshop.order.status import Status, Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.settings import WorkshopSettings
from services.workshop.shop_floor.clocking import clockings_of, require_nobody_clocked_on
from services.workshop.shop_floor.isolated import require_none_stands
from services.workshop.shop_floor.isolation import Isolation
from services.workshop.shop_floor.returning import bring_back
from services.workshop.shop_floor.second_person import require_another_person, require_skilled

AFTER: dict[str, HighVoltage] = {
    "locked": "locked",
    "measured": "measured",
    "isolated": "isolated",
    "energising": "energising",
    "energised": "live",
    "void": "live",
}
"""How the system of a car is, as its newest isolation stands."""


def lock_off(work: Work, command: LockOff) -> Isolation:
    """The first step, of an order that is worked on; the wait is the dealer's."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.ISOLATE)
    settings = _certified(work)
    require_none_stands(work, order)
    wait = timedelta(minutes=settings.isolation_wait_minutes)
    found = Isolation.lock_off(order, command.lock_number, wait=wait, by=work.actor, at=work.now)
    work.add(found)
    return _noted(order, found)


def measure(work: Work, command: MeasureIsolation) -> Isolation:
    """The second step. A gauge that is overdue measures nothing (ADR 0058), and here there is no going without one."""
    order, found = _of(work, command, Transition.ISOLATE)
    _certified(work)
    [gauge] = with_gauges(work, [Measured("gauge", VOLTAGE_UNIT, command.gauge)])
    assert gauge is not None, "one was named"
    found.prove(order, volts_dc=command.volts_dc, volts_ac=command.volts_ac, gauge=gauge, by=work.actor, at=work.now)
    return _noted(order, found)


def confirm(work: Work, command: ConfirmIsolation) -> Isolation:
    """The third step, by another person than the first two."""
    order, found = _of(work, command, Transition.ISOLATE)
    settings = _certified(work)
    require_another_person(work, found.signed_by("lock"), settings.high_voltage_skill)
    found.confirm(order, by=work.actor, at=work.now)
    return _noted(order, found)


def energise(work: Work, command: Energise) -> Isolation:
    """The system is live again: nobody may be at the car, whatever line they are on."""
    order, found = _of(work, command, Transition.ENERGISE)
    _certified(work)
    require_nobody_clocked_on(clockings_of(work, order))
    found.energise(order, by=work.actor, at=work.now)
    return _noted(order, found)


def confirm_energising(work: Work, command: ConfirmEnergising) -> Isolation:
    """By another person than who switched it on."""
    order, found = _of(work, command, Transition.ENERGISE)
    settings = _certified(work)
    if found.state == "energising":
        require_another_person(work, found.signed_by("energise"), settings.high_voltage_skill)
    found.confirm_energising(order, by=work.actor, at=work.now)
    return _noted(order, found)


def void(work: Work, command: VoidIsolation) -> Isolation:
    """A mistaken record counts no longer; nobody may be working by it. A car that was ready goes back to work."""
    order, found = _of(work, command, Transition.VOID_ISOLATION)
    require_nobody_clocked_on(clockings_of(work, order))
    if order.status is Status.READY:
        bring_back(work, order, "isolation_void", command.reason)
    else:
        void_standing(work, order, "isolation_void", command.reason)
    order.quality_passed_by = None  # what was passed by it is inspected anew
    stood = found.ended_at is None
    found.void(order, command.reason, by=work.actor, at=work.now)
    return _noted(order, found) if stood else found


def _certified(work: Work) -> WorkshopSettings:
    settings = work.settings(WorkshopSettings)
    require_skilled(work, work.actor, settings.high_voltage_skill)
    return settings


def _of(
    work: Work,
    command: MeasureIsolation | ConfirmIsolation | Energise | ConfirmEnergising | VoidIsolation,
    transition: Transition,
) -> tuple[WorkOrder, Isolation]:
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(transition)
    found = work.edit(Isolation, command.isolation_id)
    if found.work_order_id != order.id:
        raise NotFound("not_found", kind="isolation", id=command.isolation_id)
    return order, found


def _noted(order: WorkOrder, found: Isolation) -> Isolation:
    order.high_voltage = AFTER[found.state]
    return found
