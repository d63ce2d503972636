"""Planning legs (Rule B14, docs/domain.md): none more at a time than the dealer drives, however many ask at once.

Whoever chooses a window holds the dealer's legs meanwhile; the appointment, or the order, is locked before that, a leg after it
(ADR 0086).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from chassis import Invalid, NotYetKnown, Refused, Work, set_timer, staff_roles
from chassis.wire.ahead import YEAR, require_ahead
from contracts.roles import DRIVER
from contracts.shared import CustomerFacts
from contracts.workshop import leg as contract
from contracts.workshop.leg import CancelLeg, LegQuestion, PlanLeg, ReplanLeg
from services.workshop.leg.leg import LIVE, Leg
from services.workshop.leg.settings import LegSettings, Window
from services.workshop.leg.sheet import LegSheet
from services.workshop.leg.telling import describe
from services.workshop.leg.trip import ACCEPTED, BROUGHT_BACK, LEAVES, TO_COME, comes, fetched, is_home, next_trip, waits
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.appointment import FollowedAppointment
from services.workshop.projections.customer import KnownCustomer
from services.workshop.projections.opening_hours import Opening


def plan(work: Work, command: PlanLeg) -> contract.Leg:
    """Keep a window for it. Raises Refused when that is full, or the car has such a leg already."""
    if (command.appointment_id is None) == (command.work_order_id is None):
        raise Invalid.field("appointment_id", "appointment_or_order")
    if command.appointment_id is not None:
        about = _of_appointment(work, command.appointment_id, command.direction)
    else:
        assert command.work_order_id is not None
        about = _of_order(work, command.work_order_id, command.direction)
    require_driver(work, command.driver)
    hold_legs(work)
    trip = next_trip(work, about)
    window = take(work, command.begins_at)
    if about["appointment_at"] is not None and command.direction == "return" and window.begins_at < about["appointment_at"]:
        pick_up = fetched(work, about["appointment_id"])
        if pick_up is not None and waits(work, pick_up):
            about["appointment_at"] = None  # it goes home first
    _check_time(command.direction, window, about["appointment_at"])
    leg = Leg.plan(
        window,
        trip=trip,
        by=work.actor,
        at=work.now,
        direction=command.direction,
        address=command.address,
        note=command.note,
        driver=command.driver,
        **about,
    )
    work.add(leg)
    work.flush(unique="direction", otherwise=Refused("leg_exists"))
    keep_clock(work, leg)
    return describe(work, leg)


def replan(work: Work, command: ReplanLeg) -> contract.Leg:
    """Another window if that has room, another driver or none yet, another place. Raises Invalid if nothing is asked for."""
    told = command.begins_at, command.driver, command.address, command.note
    if not command.no_driver and all(one is None for one in told):
        raise Invalid.field("begins_at", "nothing_to_replan")
    if command.no_driver and command.driver is not None:
        raise Invalid.field("no_driver", "driver_or_none")
    require_driver(work, command.driver)
    hold_legs(work)
    leg = work.edit(Leg, command.leg_id)
    window, begins_at = None, command.begins_at
    if begins_at is None and command.address is not None and (leg.state, leg.question) == ("planned", "customer_changed"):
        begins_at = leg.begins_at  # its window was not kept
    if begins_at is not None and (begins_at != leg.begins_at or leg.question is not None):
        window = take(work, begins_at, but=leg)
        _check_time(leg.direction, window, leg.appointment_at)
    if command.no_driver:
        leg.release()
    leg.replan(window, command.driver, command.address, command.note)
    keep_clock(work, leg)
    return describe(work, leg)


def cancel(work: Work, command: CancelLeg) -> contract.Leg:
    """Its window is free for others."""
    leg = work.edit(Leg, command.leg_id)
    leg.cancel(command.reason, by=work.actor, at=work.now)
    keep_clock(work, leg)
    return describe(work, leg)


def follow(work: Work, appointment_id: str) -> None:
    """After the appointment was moved, cancelled or missed, in whatever order that is heard: its legs follow, or are asked about.

    A pick-up takes the last window before the new time that has room. What is under way is decided about by people. Those of an
    order that was opened meanwhile are the order's.
    """
    stands = select(WorkOrder.id).where(WorkOrder.id == Leg.work_order_id, WorkOrder.status != Status.VOID).exists()
    its = Leg.appointment_id == appointment_id, Leg.state.in_(LIVE), ~stands
    if work.first(select(Leg.id).where(*its)) is None:
        return
    known = work.get(FollowedAppointment, appointment_id)
    hold_legs(work)
    for leg in work.all(select(Leg).where(*its).order_by(Leg.id).with_for_update(of=Leg)):
        if known.status == "cancelled" and leg.state == "planned" and not _is_here(work, leg):
            work.change(leg)
            leg.cancel("the appointment was cancelled", by=work.actor, at=work.now)
        elif known.status in ("cancelled", "no_show"):
            _ask(work, leg, "appointment_off")
        elif leg.state == "under_way" and leg.direction == "pick_up":
            _doubt_the_drive(work, leg, known.appointment.starts_at)
        elif leg.appointment_at is not None and leg.appointment_at != known.appointment.starts_at:
            _move(work, leg, known.appointment.starts_at)
        keep_clock(work, leg)


def know(work: Work, which: ColumnElement[bool], customer: dict[str, Any], plate: str) -> None:
    """The files are corrected: these legs go by them, unless they are done or off. The caller has locked what they are of."""
    open_ones = select(Leg).where(which, Leg.state.in_((*LIVE, "failed"))).order_by(Leg.id)
    for leg in work.all(open_ones.with_for_update()):
        if (leg.customer, leg.plate) != (customer, plate):
            is_anothers = leg.customer["customer_id"] != customer["customer_id"] and leg.state in LIVE
            work.change(leg)
            leg.know(customer, plate)
            if is_anothers and leg.question is None:
                leg.ask("customer_changed")  # the address is whose car it was
                keep_clock(work, leg)
            sheet = work.lock(LegSheet, leg.id)
            if sheet is not None:
                sheet.know(customer["name"], plate)


def take(work: Work, begins_at: datetime, *, but: Leg | None = None) -> Window:
    """The dealer's window that begins then, if it takes one more leg. The caller holds the legs.

    Raises Invalid for one that is over, Refused if there is none, the dealer is closed on that day, or it is full.
    """
    local = work.profile.local(begins_at).date()
    windows = work.settings(LegSettings).windows(local, work.profile.zone)
    window = next((one for one in windows if one.begins_at == begins_at), None)
    if window is None:
        raise Refused("no_leg_interval", field="begins_at", starts_at=begins_at)
    if Opening(work).is_closed(local):
        raise Refused("leg_day_closed", field="begins_at", day=local)
    require_ahead("begins_at", window.ends_at, work.now, days=YEAR)
    if taken(work, window, but=but) >= window.legs:
        raise Refused("leg_interval_full", field="begins_at", starts_at=begins_at)
    return window


def open_windows(work: Work, *days: date) -> list[Window]:
    """Those of local days on which the dealer is not closed, the earliest first."""
    settings, opening, zone = work.settings(LegSettings), Opening(work), work.profile.zone
    return [window for day in days if not opening.is_closed(day) for window in settings.windows(day, zone)]


def taken(work: Work, window: Window, *, but: Leg | None = None) -> int:
    """How many legs are driven in any part of it; those about which somebody must decide keep no place."""
    found = (
        select(func.count())
        .select_from(Leg)
        .where(
            Leg.state.in_(LIVE),
            or_(Leg.question.is_(None), Leg.state == "under_way"),
            Leg.begins_at < window.ends_at,
            Leg.ends_at > window.begins_at,
        )
    )
    if but is not None:
        found = found.where(Leg.id != but.id)
    with work.without_autoflush():
        [row] = work.execute(found)
    return int(row[0])


def keep_clock(work: Work, leg: Leg) -> None:
    """After every change of a leg: by when it is to be done."""
    runs = leg.keeps_time and leg.escalated_at is None
    set_timer(work, "escalate_leg", leg.id, leg.ends_at if runs else None)


def hold_legs(work: Work) -> None:
    """Nobody else chooses a window of the dealer's until this transaction ends."""
    work.advisory_lock("legs")


def require_driver(work: Work, login: str | None) -> None:
    """Raises NotYetKnown, or Refused for somebody who does not drive for the dealer."""
    if login is not None and DRIVER not in staff_roles(work, "driver", login):
        raise Refused("not_a_driver", field="driver", name=login)


def _move(work: Work, leg: Leg, starts_at: datetime) -> None:
    work.change(leg)
    leg.appointment_at = starts_at
    if leg.state == "under_way" or (leg.direction == "return" and leg.begins_at >= starts_at):
        return
    window = _last_before(work, leg, starts_at) if leg.direction == "pick_up" else None
    if window is None:
        leg.ask("appointment_moved")
    else:
        leg.replan(window, None, None, None)


def _doubt_the_drive(work: Work, leg: Leg, starts_at: datetime) -> None:
    """Somebody drives: whether the car is still to be fetched today is asked for as long as its appointment is another day's."""
    local = work.profile.local
    is_off_day = local(leg.begins_at).date() != local(starts_at).date() and leg.appointment_at != starts_at
    if is_off_day and leg.question is None:
        work.change(leg)
        leg.ask("appointment_moved")
    elif not is_off_day and leg.question == "appointment_moved":
        work.change(leg)
        leg.question = None


def _last_before(work: Work, leg: Leg, starts_at: datetime) -> Window | None:
    windows = open_windows(work, work.profile.local(starts_at).date())
    fit = (one for one in reversed(windows) if one.ends_at <= starts_at and one.ends_at > work.now)
    return next((one for one in fit if taken(work, one, but=leg) < one.legs), None)


def _ask(work: Work, leg: Leg, question: LegQuestion) -> None:
    if leg.question != question:
        work.change(leg)
        if _is_here(work, leg):
            leg.appointment_at = None  # the car waits for nothing any more
        leg.ask(question)


def _check_time(direction: str, window: Window, appointment_at: datetime | None) -> None:
    if appointment_at is None:
        return
    if window.ends_at > appointment_at if direction == "pick_up" else window.begins_at < appointment_at:
        raise Refused("leg_beside_appointment", field="begins_at", starts_at=appointment_at)


def _is_here(work: Work, leg: Leg) -> bool:
    return leg.direction == "return" and leg.appointment_id is not None and fetched(work, leg.appointment_id) is not None


def _of_appointment(work: Work, appointment_id: str, direction: str) -> dict[str, Any]:
    # Locked: what moves the appointment meanwhile finds the leg, or the leg finds it moved.
    known = work.lock(FollowedAppointment, appointment_id)
    if known is None:
        raise NotYetKnown.reference("appointment_id", appointment_id)
    to_come = comes(work, known)
    pick_up = None if to_come or direction == "pick_up" else fetched(work, appointment_id)
    if not to_come and pick_up is None:
        raise Refused("appointment_not_open", status="fulfilled" if known.status in TO_COME else known.status)
    if pick_up is not None and pick_up.work_order_id is not None:
        return _of_order(work, pick_up.work_order_id, direction)
    facts = known.appointment
    return {
        "visit_id": known.visit_id,
        "appointment_id": appointment_id,
        "appointment_at": facts.starts_at if to_come else None,
        "customer": _file(work, facts.customer),
        "plate": facts.vehicle.plate,
    }


def _of_order(work: Work, work_order_id: str, direction: str) -> dict[str, Any]:
    order = work.lock_root(WorkOrder, work_order_id)
    if direction == "pick_up":
        if not is_home(work, order) or order.status in LEAVES:
            raise Invalid.field("appointment_id", "pick_up_needs_appointment")
    elif order.status in ACCEPTED and is_home(work, order):
        raise Refused("leg_exists")
    elif order.status not in BROUGHT_BACK and not (order.status is Status.VOID and _was_fetched_for(work, order)):
        raise Refused("order_not_ready", status=order.status.value)
    return {
        "visit_id": order.visit_id,
        "appointment_id": order.appointment_id,
        "appointment_at": None,
        "work_order_id": order.id,
        "customer": _file(work, order.customer_facts),
        "plate": order.vehicle["plate"],
    }


def _file(work: Work, customer: CustomerFacts) -> CustomerFacts:
    known = work.find(KnownCustomer, customer.customer_id)
    return customer if known is None else known.customer


def _was_fetched_for(work: Work, order: WorkOrder) -> bool:
    return order.appointment_id is not None and fetched(work, order.appointment_id) is not None
