"""Whoever wants an order and one of its legs at once takes the order first (docs/decisions/0086): nobody deadlocks.

On real PostgreSQL. Both wait for the order, which a third one holds: had one its leg already, the other would wait for that.
"""

from dataclasses import replace
from itertools import count

import eventlet
import pytest
from sqlalchemy import select, text

from chassis.wire.errors import Refused
from contracts.booking.events import AppointmentArrived, AppointmentRescheduled
from contracts.crm.events import CustomerRecorded
from contracts.workshop import leg
from services.workshop.order.work_order import WorkOrder
from tests.services.workshop.legs import at
from tests.services.workshop.shop import CUSTOMER
from tests.services.workshop.test_walk_around import signed, walked
from tests.waiting import awaited

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
NEWER = count(2)


@pytest.fixture
def fleet(fleet):
    fleet.drives(legs=20)
    return fleet


def both(desk, order, first, second, monkeypatch):
    """What the two answer who want the order while somebody holds it, the first one before the second."""
    lost = []
    monkeypatch.setattr(desk.executor.metrics, "retried_for_concurrency", lambda: lost.append(1))
    with desk.executor.sessions() as holder:
        holder.scope_to("sh-pudong")
        holder.execute(select(WorkOrder.id).where(WorkOrder.id == order.id).with_for_update())

        def waits(number):
            def so():
                holder.execute(text("SELECT pg_stat_clear_snapshot()"))
                return holder.scalar(WAITING) >= number

            return so

        running = []
        for number, act in enumerate((first, second), 1):
            running.append(eventlet.spawn(answered, act))
            awaited(waits(number), f"{number} who wait for the order")
        holder.rollback()
    found = [one.wait() for one in running]
    assert lost == [], "each waited for the other"
    return found


def answered(act):
    try:
        act()
    except Refused as refusal:
        return refusal.code
    return None


def corrected(desk):
    def hear():
        sequence = next(NEWER)
        named = replace(CUSTOMER, phone=f"139{sequence:08}")
        desk.hear(CustomerRecorded(customer=named), subject=CUSTOMER.customer_id, sequence=sequence)

    return hear


def came(fleet):
    """A car that was fetched, its pick-up and its order."""
    facts = fleet.appointment()
    one = fleet.plans(facts)
    fleet.fetches(one)
    fleet.hear(AppointmentArrived(appointment=replace(facts, status="arrived")))
    return facts, one, fleet.shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None)


def test_the_walk_around_is_signed_while_the_customer_fetches_the_car(desk, fleet, monkeypatch):
    _, one, order = came(fleet)
    sheet = walked(fleet.shop, order, keys=1, mileage=52_000)
    acts = (lambda: signed(fleet.shop, sheet), lambda: desk.do(leg.CollectCar(leg_id=one.id), actor="chen"))
    assert both(desk, order, *acts, monkeypatch) == [None, "car_not_delivered"]
    sheet = walked(fleet.shop, order, keys=2, registration=True, mileage=52_000, corrected_because="counted again")
    acts = (lambda: desk.do(leg.CollectCar(leg_id=one.id), actor="chen"), lambda: signed(fleet.shop, sheet))
    assert both(desk, order, *acts, monkeypatch) == ["car_not_delivered", None]


@pytest.mark.parametrize("step", ["start", "record", "sign", "collect"])
def test_the_customers_file_is_corrected_while_their_car_is_brought_back(desk, fleet, step, monkeypatch):
    facts, _, order = came(fleet)
    fleet.delivers(order)
    back = fleet.plans(facts, "14:00", direction="return", appointment_id=None, work_order_id=order.id)
    steps = {
        "start": lambda: fleet.starts(back),
        "record": lambda: fleet.records(back, mileage=None, fuel_eighths=None),
        "sign": lambda: fleet.signs(back),
        "collect": lambda: desk.do(leg.CollectCar(leg_id=back.id), actor="chen"),
    }
    for before in () if step == "collect" else list(steps)[: list(steps).index(step)]:
        steps[before]()
    answer = "car_not_here" if step == "collect" else None  # the delivery gave everything back
    assert both(desk, order, corrected(desk), steps[step], monkeypatch) == [None, answer]


def test_so_is_it_while_what_was_not_given_back_is_settled(desk, fleet, monkeypatch):
    facts, _, order = came(fleet)
    fleet.delivers(order)
    back = fleet.plans(facts, "14:00", direction="return", appointment_id=None, work_order_id=order.id)
    fleet.starts(back)
    fleet.records(back, keys=0, registration=False, mileage=None, fuel_eighths=None)
    fleet.signs(back)
    settles = lambda: desk.do(leg.CollectCar(leg_id=back.id, reason="at the desk"), actor="chen")  # noqa: E731
    assert both(desk, order, corrected(desk), settles, monkeypatch) == [None, None]


def test_many_at_once_neither_deadlock_nor_fail(desk, fleet, monkeypatch):
    """Files corrected, appointments moved, orders opened, cars fetched and brought back, in whatever order."""
    lost = []
    monkeypatch.setattr(desk.executor.metrics, "retried_for_concurrency", lambda: lost.append(1))
    for _ in range(12):
        facts = fleet.appointment()
        one = fleet.plans(facts)
        back = fleet.plans(facts, "14:00", direction="return")
        fleet.starts(one)
        fleet.records(one)
        moved, more = fleet.moved(facts, at("16:00"))
        arrived = replace(facts, status="arrived")
        fleet.hear(AppointmentArrived(appointment=arrived))
        acts = (
            lambda one=one: fleet.signs(one),
            lambda facts=facts: fleet.shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None),
            corrected(desk),
            lambda moved=moved, more=more: fleet.hear(AppointmentRescheduled(appointment=moved, **more)),
            lambda back=back: desk.do(leg.ReplanLeg(leg_id=back.id, note="ring twice")),
            lambda one=one: desk.do(leg.CollectCar(leg_id=one.id), actor="chen"),
        )
        running = [eventlet.spawn(answered, act) for act in acts]
        assert {thread.wait() for thread in running} <= {None, "car_not_here", "car_not_delivered", "appointment_not_open"}
    assert lost == []
