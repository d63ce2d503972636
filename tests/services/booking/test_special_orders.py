"""Rule B6: the booking desk sees of each car what is short, on special order, and expected when; late parts are a task."""

from datetime import date, timedelta

import pytest

from chassis.wire.ids import derived_id
from chassis.wire.values import Quantity
from contracts.booking.appointment import ArriveAppointment, GetAppointment, ListAppointments, RequestedPart
from contracts.booking.attention import FindBookingConcerns
from contracts.booking.plan import GetDayPlan
from contracts.booking.task import ListBookingTasks
from contracts.parts.events import (
    SpecialOrderChanged,
    SpecialOrderFacts,
    SpecialOrderRaised,
    SpecialOrderSettled,
    SpecialOrderWithdrawn,
)

DAY = date(2026, 3, 9)


class Store:
    """What parts says of the special order of an appointment."""

    def __init__(self, front, appointment, *, part="F-1"):
        self.front, self.appointment, self.part, self.sequence = front, appointment, part, 0

    def says(self, kind, *, state="open", on=DAY, expected=None, sequence=None):
        self.sequence = sequence or self.sequence + 1
        facts = SpecialOrderFacts(
            special_order_id=derived_id("special", self.appointment.id, self.part),
            state=state,
            appointment_id=self.appointment.id,
            customer_id=self.front.customer.customer_id,
            asked_for=self.part,
            part_number=self.part,
            quantity=Quantity.of("2"),
            wanted_by=self.appointment.starts_at,
            wanted_on=on,
            expected_on=expected,
        )
        self.front.desk.hear(kind(special_order=facts), subject=facts.special_order_id, sequence=self.sequence)


@pytest.fixture
def store(front):
    wanted = [RequestedPart(part_number="F-1", quantity=Quantity.of("2"))]
    return Store(front, front.books(parts=wanted))


def seen(desk, store):
    found = desk.ask(GetAppointment(appointment_id=store.appointment.id)).special_orders
    return [(one.asked_for, float(one.quantity.decimal), one.expected_on, one.late) for one in found]


def tasks(desk, state="open"):
    found = desk.ask(ListBookingTasks(state=state)).items
    return [(one.appointment_id, one.expected_on) for one in found if one.kind == "parts_late"]


def test_rule_b6_the_desk_sees_what_is_on_special_order_and_expected_when(desk, store):
    """Of one appointment, in the list and on the day; settled it is no longer there. An older fact changes nothing."""
    store.says(SpecialOrderRaised)
    assert seen(desk, store) == [("F-1", 2.0, None, False)]
    store.says(SpecialOrderChanged, expected=DAY)
    listed = desk.ask(ListAppointments()).items[0].special_orders
    [planned] = [one for hour in desk.ask(GetDayPlan(day=DAY)).hours for one in hour.appointments]
    assert seen(desk, store) == [("F-1", 2.0, DAY, False)]
    assert [one.expected_on for one in (*listed, *planned.special_orders)] == [DAY, DAY]
    store.says(SpecialOrderSettled, state="settled")
    store.says(SpecialOrderChanged, sequence=2)
    assert (seen(desk, store), tasks(desk)) == ([], [])


def test_rule_b6_parts_that_come_after_the_car_are_a_task_until_it_is_moved(desk, store):
    """Once, on the attention list, with the day they come; it is settled by moving, and open again if they are late again."""
    late = DAY + timedelta(days=2)
    store.says(SpecialOrderRaised)
    store.says(SpecialOrderChanged, expected=late)
    assert seen(desk, store) == [("F-1", 2.0, late, True)]
    assert tasks(desk) == [(store.appointment.id, late)]
    [group] = [one for one in desk.ask(FindBookingConcerns()).groups if one.kind == "parts_late"]
    assert (group.count, group.items[0].appointment_id) == (1, store.appointment.id)
    store.says(SpecialOrderChanged, on=late, expected=late)
    assert (tasks(desk), tasks(desk, "resolved")) == ([], [(store.appointment.id, late)])
    store.says(SpecialOrderChanged, on=late, expected=late + timedelta(days=1))
    assert tasks(desk) == [(store.appointment.id, late + timedelta(days=1))]


@pytest.mark.parametrize(("kind", "state"), [(SpecialOrderSettled, "settled"), (SpecialOrderWithdrawn, "withdrawn")])
def test_rule_b6_the_task_ends_with_its_special_order(desk, store, kind, state):
    """The parts are there, or nobody wants them any more; another late one keeps it open."""
    other = Store(store.front, store.appointment, part="D-9")
    store.says(SpecialOrderRaised, expected=DAY + timedelta(days=1))
    other.says(SpecialOrderRaised, expected=DAY + timedelta(days=3))
    store.says(kind, state=state, expected=DAY + timedelta(days=1))
    assert tasks(desk) == [(store.appointment.id, DAY + timedelta(days=3))]
    other.says(kind, state=state, expected=DAY + timedelta(days=3))
    assert tasks(desk) == []


def test_rule_b6_a_car_that_came_all_the_same_is_not_to_be_moved(desk, store):
    """The task is settled by the arrival."""
    store.says(SpecialOrderRaised, expected=DAY + timedelta(days=1))
    desk.do(ArriveAppointment(appointment_id=store.appointment.id))
    desk.fire_timers()
    assert tasks(desk) == []
