"""Rules B6, B9 and B14: an appointment that is called off while its order is opened keeps what is the order's."""

from dataclasses import replace

import pytest

from contracts.booking.events import AppointmentArrived, AppointmentCancelled, AppointmentFulfilled, AppointmentMissed
from contracts.workshop import leg
from contracts.workshop.loaner_offer import AnswerLoanerOffer, ListLoanerOffers
from contracts.workshop.order import VoidWorkOrder


def here(fleet):
    """A fetched car in the lane, and the return that is planned for it."""
    facts = fleet.appointment()
    back = fleet.plans(facts, "14:00", direction="return")
    fleet.fetches(fleet.plans(facts))
    fleet.hear(AppointmentArrived(appointment=replace(facts, status="arrived")))
    return facts, back


def opened(fleet, facts):
    return fleet.shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None)


@pytest.mark.parametrize(
    "off",
    [
        lambda facts: AppointmentCancelled(appointment=replace(facts, status="cancelled"), reason="ill"),
        lambda facts: AppointmentMissed(appointment=replace(facts, status="no_show")),
    ],
)
def test_a_return_that_is_planned_stays_if_the_order_is_open_when_its_appointment_goes_off(desk, fleet, off):
    facts, back = here(fleet)
    order = opened(fleet, facts)
    fleet.hear(off(facts))
    kept = fleet.now(back)
    assert (kept.leg_state, kept.question, kept.work_order_id, kept.begins_at) == ("planned", None, order.id, back.begins_at)
    assert desk.ask(leg.GetLegPlan()).questions == []


def test_one_that_is_called_off_before_has_no_order(desk, fleet):
    """As ever: its return is asked about, for the car is here."""
    facts, back = here(fleet)
    fleet.hear(AppointmentCancelled(appointment=replace(facts, status="cancelled"), reason="ill"))
    assert fleet.now(back).question == "appointment_off"
    order = None
    with pytest.raises(Exception, match="appointment_not_open"):
        order = opened(fleet, facts)
    assert order is None


def fulfilled(fleet, facts, order, *, missing=True):
    done = replace(facts, status="fulfilled")
    fleet.hear(AppointmentFulfilled(appointment=done, work_order_id=order.id, loaner_missing=missing))


def offers(desk, **how):
    return [(one.work_order_id, one.loaner_answer) for one in desk.ask(ListLoanerOffers(**how)).items]


def test_who_asked_for_a_loaner_and_has_none_is_offered_one_until_that_is_answered(desk, fleet):
    facts = fleet.appointment()
    order = opened(fleet, facts)
    fulfilled(fleet, facts, order, missing=False)
    assert offers(desk) == []
    for _ in range(2):
        fulfilled(fleet, facts, order)
        assert offers(desk) == [(order.id, None)]
    desk.do(AnswerLoanerOffer(work_order_id=order.id, loaner_answer="compensated"))
    fulfilled(fleet, facts, order)
    assert (offers(desk), offers(desk, answered=True)) == ([], [(order.id, "compensated")])


def test_nobody_is_asked_for_a_car_that_is_ready_or_goes_home(desk, fleet):
    facts = fleet.appointment()
    order = opened(fleet, facts)
    fulfilled(fleet, facts, order)
    fleet.shop.ready(fleet.shop.approved(order))
    assert offers(desk) == []
    fulfilled(fleet, facts, order)
    assert offers(desk) == [], "it is heard late"
    other = fleet.appointment()
    void = opened(fleet, other)
    fulfilled(fleet, other, void)
    desk.do(VoidWorkOrder(work_order_id=void.id, reason="no time"))
    assert offers(desk) == []
