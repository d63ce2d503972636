"""Rules B9 and B11: a loan or a rescue case belongs to an order that there is, of that customer, of that car."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, text

from chassis.wire.errors import Invalid, NotYetKnown, Refused
from chassis.wire.ids import new_id
from contracts.booking import loaner
from contracts.booking.appointment import RescheduleAppointment
from contracts.crm.events import VehicleRecorded
from contracts.workshop.events import WorkOrderClosed, WorkOrderOpened, WorkOrderVoided
from deploy.dev.infrastructure import PROJECT
from services.booking.projections.order import KnownOrder
from tests.architecture.revisions import load, sql_of
from tests.services.booking.loans import add, lend, loan_of
from tests.services.booking.test_rescue import link, report


def opens(desk, front, dealer="sh-pudong", **other):
    """workshop opened an order, of a car that walked in."""
    order = new_id()
    facts = {"customer": front.customer, "vehicle": front.vehicle, **other}
    fact = WorkOrderOpened(work_order_id=order, number="RO-7", complaint="x", **facts)
    desk.hear(fact, subject=order, sequence=1, dealer=dealer)
    return order


def ends(desk, order, how=WorkOrderClosed, sequence=9, **facts):
    desk.hear(how(work_order_id=order, **facts), subject=order, sequence=sequence)


def until(desk, **time):
    return desk.clock.now() + timedelta(**time)


def refused(what):
    with pytest.raises(Refused) as refusal:
        what()
    return refusal.value.code, refusal.value.details["field"]


def unknown(what):
    with pytest.raises(NotYetKnown) as refusal:
        what()
    return refusal.value.details["field"]


def test_a_loan_is_of_an_order_that_there_is_and_of_its_customer(desk, front):
    """Rule B9."""
    add(desk)
    mine, theirs = opens(desk, front), opens(desk, front, customer=replace(front.customer, customer_id=new_id()))
    elsewhere = opens(desk, front, dealer="bj-chaoyang")

    def lends(order):
        return lend(desk, front, None, until(desk, hours=8), work_order_id=order)

    assert unknown(lambda: lends(new_id())) == unknown(lambda: lends(elsewhere)) == "work_order_id"
    assert refused(lambda: lends(theirs)) == ("order_of_another_customer", "work_order_id")
    assert desk.ask(loaner.ListLoans()).items == []
    assert lends(mine).work_order_id == mine


@pytest.mark.parametrize("early", [False, True])
def test_a_car_that_has_gone_needs_no_loaner(desk, front, early):
    """Rule B9: not of a void order nor of a closed one, in whatever order that is heard."""
    add(desk)
    for how, facts in ((WorkOrderVoided, {"reason": "mistake"}), (WorkOrderClosed, {})):
        order = new_id()
        opened = WorkOrderOpened(
            work_order_id=order, number="RO-8", customer=front.customer, vehicle=front.vehicle, complaint="x"
        )
        steps = [(opened, 1), (how(work_order_id=order, **facts), 9)]
        for fact, sequence in reversed(steps) if early else steps:
            desk.hear(fact, subject=order, sequence=sequence)
        lends = lambda order=order: lend(desk, front, None, until(desk, hours=8), work_order_id=order)  # noqa: E731
        assert refused(lends) == ("order_over", "work_order_id")


def test_an_order_is_known_whatever_becomes_of_its_appointment(desk, front):
    """Rule B9: also while its appointment is not known, or has another order; and so is its end."""
    add(desk)
    order = opens(desk, front, appointment_id=new_id())
    loan = lend(desk, front, None, until(desk, hours=8), work_order_id=order)
    assert loan.work_order_id == order
    ends(desk, order, WorkOrderVoided, appointment_id=new_id(), reason="mistake")
    lends = lambda: lend(desk, front, None, until(desk, hours=9), work_order_id=order)  # noqa: E731
    assert refused(lends) == ("order_over", "work_order_id")


def test_cars_that_were_in_the_shop_before_orders_were_known_have_a_loaner_under_their_order(desk, front):
    """Rule B9: an order of an appointment is known from that; what was heard of one meanwhile stays."""
    add(desk)
    booked, other = front.books(), front.books()
    order, heard = (opens(desk, front, appointment_id=one.id) for one in (booked, other))
    filled = sql_of(load(PROJECT / "services/booking/migrations/0013_orders_filled.py"))
    [fill] = [one for one in filled.split(";") if "INSERT" in one]

    def before_and_after(session):
        session.execute(delete(KnownOrder).where(KnownOrder.id == order))
        kept = session.execute(text("SELECT sequence FROM known_order")).scalars().all()
        session.execute(text(fill[fill.index("INSERT") :]))
        return kept, sorted(session.execute(text("SELECT sequence FROM known_order")).scalars())

    assert desk.rows(before_and_after) == ([1], [0, 1])
    assert lend(desk, front, None, until(desk, hours=8), work_order_id=order).work_order_id == order
    assert heard != order


def test_a_case_is_of_an_order_that_there_is_and_of_its_plate(desk, front):
    """Rule B11: as the car's file says it now, or said it as the order was opened; a void order is nobody's."""
    case, other = report(desk), report(desk, plate="沪B00001")
    order = opens(desk, front)
    assert unknown(lambda: link(desk, case, work_order_id=new_id())) == "work_order_id"
    assert refused(lambda: link(desk, other, work_order_id=order)) == ("rescue_of_another_car", "work_order_id")
    booked = front.books()
    both = {"appointment_id": booked.id, "work_order_id": opens(desk, front, vehicle=replace(front.vehicle, plate="沪C77777"))}
    desk.hear(
        VehicleRecorded(vehicle=front.vehicle, customer_id=front.customer.customer_id),
        subject=front.vehicle.vehicle_id,
        sequence=2,
    )
    assert link(desk, case, **both).work_order_id == both["work_order_id"], "its file has the plate by now"
    assert link(desk, case, work_order_id=order).work_order_id == order
    ends(desk, order)
    assert link(desk, case, work_order_id=order).work_order_id == order, "it was that order's, whether it is closed or not"
    ends(desk, both["work_order_id"], WorkOrderVoided, reason="mistake")
    assert refused(lambda: link(desk, case, work_order_id=both["work_order_id"])) == ("order_over", "work_order_id")


def test_a_case_that_arrives_with_its_appointment_has_no_other_cars_order_either(desk, front, wall):
    """Rule B11: the same is asked of the order where the appointment is here already."""
    desk.clock.set(wall("2026-03-09T08:45"))
    case = report(desk)
    booked = front.books()
    strange = opens(desk, front, vehicle=replace(front.vehicle, vehicle_id=new_id(), plate="沪D00001"))
    both = {"appointment_id": booked.id, "work_order_id": strange}
    assert refused(lambda: link(desk, case, **both)) == ("rescue_of_another_car", "work_order_id")


def test_no_loan_lasts_longer_than_a_quarter(desk, front, wall):
    """Rule B9: neither as it is booked, nor as it is moved, nor with an appointment."""
    add(desk)

    def wrong(what):
        with pytest.raises(Invalid) as refusal:
            what()
        [(field, [rule])] = refusal.value.details["errors"].items()
        return field, rule.split(" ")[0]

    begins = until(desk, days=10)
    assert wrong(lambda: lend(desk, front, None, until(desk, days=400))) == ("ends_at", "longer_than_days")
    loan = lend(desk, front, begins, until(desk, days=102))
    late = loaner.MoveLoan(loan_id=loan.id, ends_at=until(desk, days=103))
    assert wrong(lambda: desk.do(late)) == ("ends_at", "longer_than_days")
    early = loaner.MoveLoan(loan_id=loan.id, begins_at=until(desk, days=9))
    assert wrong(lambda: desk.do(early)) == ("ends_at", "longer_than_days")
    add(desk, "沪A00002")
    far = {"loaner": True, "starts_at": wall("2026-03-30T09:00"), "expected_pick_up_at": wall("2026-06-30T09:01")}
    assert wrong(lambda: front.books(**far)) == ("expected_pick_up_at", "longer_than_days")
    booked = front.books(**{**far, "expected_pick_up_at": wall("2026-06-30T09:00")})
    moved = desk.do(RescheduleAppointment(appointment_id=booked.id, starts_at=wall("2026-03-10T10:00"), reason="busy"))
    assert (moved.expected_pick_up_at, loan_of(desk, booked).ends_at) == (None, wall("2026-03-10T17:30"))
