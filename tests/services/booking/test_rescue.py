"""Rule B11: a rescue case, from the call to the arrival, and whose appointment and order it is."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.ids import new_id
from contracts.booking import events, rescue
from contracts.booking.appointment import ArriveAppointment, GetAppointment
from contracts.workshop.events import WorkOrderOpened
from tests.services.history import ANYBODY, Reading, grow


def report(desk, plate="沪A 12345", **more):
    facts = {"caller_name": "Li Lei", "caller_phone": "13800000001", "plate": plate, "location": "G60, km 42", **more}
    return desk.do(rescue.ReportRescue(**facts), key=new_id())


def tow(desk, case, at):
    return desk.do(rescue.RecordTow(rescue_id=case.id, tow_firm="Fast Tow", tow_phone="021 5888 1234", expected_at=at))


def link(desk, case, **of):
    return desk.do(rescue.LinkRescue(rescue_id=case.id, **of))


def opened(front, appointment, order):
    facts = {"work_order_id": order, "number": "RO-1", "appointment_id": appointment.id, "complaint": "x"}
    return WorkOrderOpened(customer=front.customer, vehicle=front.vehicle, **facts)


def test_a_case_is_reported_towed_and_arrives(desk, wall):
    """Each step is a fact, and belongs to one visit; who tows may change until the car is here."""
    case = report(desk, trouble="no start")
    assert (case.state, case.reported_to, case.reported_at, case.trouble) == ("reported", "wang", desk.clock.now(), "no start")
    with pytest.raises(Invalid):
        tow(desk, case, desk.clock.now())
    tow(desk, case, desk.clock.now() + timedelta(hours=1))
    later = tow(desk, case, desk.clock.now() + timedelta(hours=2))
    assert (later.state, later.tow_firm, later.expected_at) == ("under_way", "Fast Tow", desk.clock.now() + timedelta(hours=2))
    desk.pass_time(hours=3)
    put_down = desk.clock.now() - timedelta(hours=1)
    for wrong in (desk.clock.now() + timedelta(minutes=1), case.reported_at - timedelta(minutes=1)):
        with pytest.raises(Invalid):
            desk.do(rescue.RecordRescueArrival(rescue_id=case.id, arrived_at=wrong))
    here = desk.do(rescue.RecordRescueArrival(rescue_id=case.id, arrived_at=put_down))
    assert (here.state, here.arrived_at) == ("arrived", put_down)
    for late in (
        rescue.RecordRescueArrival(rescue_id=case.id),
        rescue.CloseRescue(rescue_id=case.id, reason="x"),
        rescue.RecordTow(rescue_id=case.id, tow_firm="x", expected_at=desk.clock.now() + timedelta(hours=1)),
    ):
        with pytest.raises(Refused, match="rescue_over"):
            desk.do(late)
    told = [one for one in desk.envelopes() if one["type"].startswith("booking.rescue.")]
    assert [one["type"].rpartition(".")[2] for one in told] == ["reported", "tow_recorded", "tow_recorded", "arrived"]
    assert len({one["correlationid"] for one in told}) == 1


def test_a_case_is_its_appointments_and_the_order_that_is_opened_for_it(desk, front, wall):
    """The list proposes appointments of the plate; another car's is refused; it joins the appointment's visit."""
    case = report(desk)
    stranger = report(desk, plate="沪B00001")
    booked = front.books(channel="roadside")
    listed = {one.id: one for one in desk.ask(rescue.ListRescues()).items}
    assert [one.appointment_id for one in listed[case.id].matches] == [booked.id]
    assert listed[stranger.id].matches == []
    with pytest.raises(Invalid):
        link(desk, case)
    with pytest.raises(NotFound):
        link(desk, case, appointment_id=new_id())
    with pytest.raises(Refused, match="rescue_of_another_car"):
        link(desk, stranger, appointment_id=booked.id)
    linked = link(desk, case, appointment_id=booked.id)
    assert (linked.appointment_id, linked.work_order_id) == (booked.id, None)
    told = [one["correlationid"] for one in desk.envelopes() if one["type"] == "booking.rescue.linked"]
    assert told == [booked.visit_id]
    order = new_id()
    desk.hear(opened(front, booked, order), subject=order)
    assert desk.ask(rescue.GetRescue(rescue_id=case.id)).work_order_id == order
    assert {one.id: one.work_order_id for one in desk.ask(rescue.ListRescues(over=True)).items}[case.id] == order
    walk_in = link(desk, report(desk), work_order_id=order)
    assert (walk_in.appointment_id, walk_in.work_order_id) == (None, order)


def state(desk, case, booked):
    now = desk.ask(GetAppointment(appointment_id=booked.id))
    return desk.ask(rescue.GetRescue(rescue_id=case.id)).state, now.status


@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("minutes", [0, 120])
def test_a_rescued_car_and_its_appointment_arrive_together(desk, front, wall, linked, minutes):
    """Rules B5 and B11: who stands here is no no-show, also if that was said before; the plate alone says whose it is."""
    desk.clock.set(wall("2026-03-09T08:45"))
    case, booked = report(desk), front.books()
    if linked:
        link(desk, case, appointment_id=booked.id)
    desk.pass_time(minutes=minutes)
    desk.fire_timers()
    assert state(desk, case, booked) == ("reported", "no_show" if minutes else "confirmed")
    here = desk.do(rescue.RecordRescueArrival(rescue_id=case.id))
    assert (here.appointment_id, state(desk, case, booked)) == (booked.id, ("arrived", "arrived"))
    desk.pass_time(hours=3)
    desk.fire_timers()
    assert state(desk, case, booked) == ("arrived", "arrived")


@pytest.mark.parametrize("linked", [True, False])
def test_a_case_is_over_when_its_appointment_arrives_or_its_order_is_opened(desk, front, wall, linked):
    for opens in (False, True):
        desk.clock.set(wall(f"2026-03-{10 + opens}T08:45"))
        booked, case = front.books(starts_at=wall(f"2026-03-{10 + opens}T09:00")), report(desk)
        if linked:
            link(desk, case, appointment_id=booked.id)
        if opens:
            order = new_id()
            desk.hear(opened(front, booked, order), subject=order)
        else:
            desk.do(ArriveAppointment(appointment_id=booked.id))
        assert state(desk, case, booked) == ("arrived", "fulfilled" if opens else "arrived")


def test_of_two_appointments_of_its_plate_the_desk_says_which_and_then_that_car_is_here(desk, front, wall):
    desk.clock.set(wall("2026-03-09T08:45"))
    case, one, _ = report(desk), front.books(), front.books(starts_at=wall("2026-03-09T10:00"))
    desk.do(rescue.RecordRescueArrival(rescue_id=case.id))
    assert state(desk, case, one) == ("arrived", "confirmed")
    link(desk, case, appointment_id=one.id)
    assert state(desk, case, one) == ("arrived", "arrived")


def test_whoever_is_to_be_called_back_has_a_number(desk):
    """Rule C1: a phone is a number of its country."""
    with pytest.raises(Invalid) as refusal:
        report(desk, caller_phone="12")
    assert list(refusal.value.details["errors"]) == ["caller_phone"]
    towed = {"rescue_id": report(desk).id, "tow_firm": "x", "expected_at": desk.clock.now() + timedelta(hours=1)}
    with pytest.raises(Invalid) as refusal:
        desk.do(rescue.RecordTow(**towed, tow_phone="12"))
    assert list(refusal.value.details["errors"]) == ["tow_phone"]


def test_a_case_that_does_not_come_is_closed_with_its_reason(desk, front):
    case = report(desk)
    closed = desk.do(rescue.CloseRescue(rescue_id=case.id, reason="started again"))
    assert (closed.state, closed.closed_because) == ("closed", "started again")
    with pytest.raises(Refused, match="rescue_over"):
        link(desk, case, appointment_id=front.books().id)
    assert desk.ask(rescue.ListRescues()).items == []
    assert [one.id for one in desk.ask(rescue.ListRescues(over=True)).items] == [case.id]
    assert desk.announced(events.RescueClosed)[0].reason == "started again"
    with pytest.raises(NotFound):
        desk.ask(rescue.GetRescue(rescue_id=case.id), dealer="bj-chaoyang")


@pytest.mark.new_database
def test_open_cases_cost_the_same_however_many_are_over(desk, front):
    over = report(desk)
    desk.do(rescue.CloseRescue(rescue_id=over.id, reason="x"))
    report(desk)
    grow(desk, "rescue", 1_000, of="NOT is_open", id=ANYBODY)
    before = Reading(desk, rescue.ListRescues()).rows
    grow(desk, "rescue", 2, of="NOT is_open", id=ANYBODY)
    assert Reading(desk, rescue.ListRescues()).rows <= before
