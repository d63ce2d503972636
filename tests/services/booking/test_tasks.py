"""Rule B6: a car that came and was never taken on is somebody's task in the evening."""

from datetime import timedelta

from chassis.wire.ids import new_id
from contracts.booking.appointment import ArriveAppointment, CancelAppointment
from contracts.booking.task import ListBookingTasks
from contracts.crm.events import CustomerRecorded
from contracts.shared import CustomerFacts
from contracts.workshop.events import WorkOrderOpened


def tasks(desk, **criteria):
    return desk.ask(ListBookingTasks(**criteria)).items


def watch(desk, at):
    desk.clock.set(at)
    desk.fire_timers()


def test_a_car_without_an_order_is_a_task_when_the_dealer_closes_and_not_before(desk, front, wall):
    front.opens(places=9)
    desk.clock.set(wall("2026-03-09T08:59"))
    booked = front.books(starts_at=wall("2026-03-09T09:00"), advisor="wang")
    desk.clock.set(wall("2026-03-09T09:05"))
    desk.do(ArriveAppointment(appointment_id=booked.id))
    watch(desk, wall("2026-03-09T17:29"))
    assert tasks(desk) == []
    watch(desk, wall("2026-03-09T17:30"))
    (task,) = tasks(desk, state="open")
    assert (task.kind, task.appointment_id, task.plate, task.phone, task.advisor, task.arrived_at) == (
        "order_not_opened",
        booked.id,
        "沪A12345",
        "13800000001",
        "wang",
        wall("2026-03-09T09:05"),
    )
    assert tasks(desk, state="resolved") == []


def test_a_dealer_that_closes_earlier_than_it_said_has_the_tasks_of_who_came_before(desk, front, wall):
    front.opens(places=9)
    desk.clock.set(wall("2026-03-09T08:59"))
    booked = front.books(starts_at=wall("2026-03-09T09:00"))
    desk.do(ArriveAppointment(appointment_id=booked.id))
    watch(desk, wall("2026-03-09T14:26"))
    front.opens(places=9, closes="14:30")
    watch(desk, wall("2026-03-09T14:29"))
    assert tasks(desk) == []
    watch(desk, wall("2026-03-09T14:30"))
    assert [task.appointment_id for task in tasks(desk, state="open")] == [booked.id]


def test_its_order_or_its_cancelling_settles_the_task(desk, front, wall):
    front.opens(places=9)
    desk.clock.set(wall("2026-03-09T08:59"))
    booked = [front.books(starts_at=wall("2026-03-09T09:00")) for _ in range(2)]
    for one in booked:
        desk.do(ArriveAppointment(appointment_id=one.id))
    watch(desk, wall("2026-03-09T18:00"))
    assert len(tasks(desk, state="open")) == 2
    order = WorkOrderOpened(
        work_order_id=new_id(),
        number="RO-1",
        appointment_id=booked[0].id,
        customer=front.customer,
        vehicle=front.vehicle,
        complaint="x",
    )
    desk.hear(order)
    desk.do(CancelAppointment(appointment_id=booked[1].id, reason="went elsewhere"))
    watch(desk, wall("2026-03-09T18:05"))
    assert tasks(desk, state="open") == []
    assert [one.resolved_at for one in tasks(desk, state="resolved")] == [desk.clock.now()] * 2


def test_who_comes_after_closing_is_a_task_at_midnight(desk, front, wall):
    desk.clock.set(wall("2026-03-09T17:00") - timedelta(minutes=1))
    booked = front.books(starts_at=wall("2026-03-09T17:00"))
    desk.clock.set(wall("2026-03-09T17:40"))
    desk.do(ArriveAppointment(appointment_id=booked.id))
    watch(desk, wall("2026-03-09T23:59"))
    assert tasks(desk) == []
    watch(desk, wall("2026-03-10T00:00"))
    assert len(tasks(desk)) == 1


def test_a_dealers_tasks_are_its_own(desk, front, wall):
    desk.clock.set(wall("2026-03-09T08:59"))
    booked = front.books(starts_at=wall("2026-03-09T09:00"))
    desk.do(ArriveAppointment(appointment_id=booked.id))
    watch(desk, wall("2026-03-09T18:00"))
    assert (len(tasks(desk)), desk.ask(ListBookingTasks(), dealer="bj-chaoyang").items) == (1, [])


def test_who_calls_sees_the_customers_file_as_it_is_now(desk, front, wall):
    """Tasks and stranded appointments are call lists: they show the phone of today, not the one of the day of the booking."""
    front.books(starts_at=wall("2026-03-10T09:00"))
    desk.clock.set(wall("2026-03-09T08:59"))
    desk.do(ArriveAppointment(appointment_id=front.books(starts_at=wall("2026-03-09T09:00")).id))
    watch(desk, wall("2026-03-09T18:00"))
    now = CustomerFacts(customer_id=front.customer.customer_id, name="Li Lei III", phone="13900000009")
    desk.hear(CustomerRecorded(customer=now), subject=now.customer_id, sequence=2)
    (stranded,) = front.opens(opens="14:00").stranded
    (task,) = tasks(desk)
    assert {(one.customer_name, one.phone) for one in (stranded, task)} == {("Li Lei III", "13900000009")}
