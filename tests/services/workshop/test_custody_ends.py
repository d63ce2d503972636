"""Rule W24: what was taken over is somebody's until it is given back - by who has it -, and is corrected both ways."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.wire.errors import Invalid, Refused
from contracts.booking.events import AppointmentArrived, AppointmentCancelled, AppointmentRescheduled
from contracts.workshop import leg
from contracts.workshop.custody import Custody, GetCustody, HandOverThings
from contracts.workshop.leg_events import LegCollected, LegDone
from contracts.workshop.order import VoidWorkOrder
from contracts.workshop.shop_floor import AcceptCar
from tests.services.workshop.legs import Fleet
from tests.services.workshop.shop import Shop
from tests.services.workshop.test_leg_questions import asked, opened
from tests.services.workshop.test_walk_around import passed, signed, walked


def here(desk: Any, order: Any) -> dict[str, str | None]:
    kept: Custody = desk.ask(GetCustody(work_order_id=order.id))
    return {one.thing: one.holder for one in kept.held if one.thing != "folder"}


def test_a_correction_of_the_walk_around_withdraws_what_was_not_received_and_adds_what_was(desk: Any) -> None:
    shop = Shop(desk)
    order = shop.open()
    signed(shop, walked(shop, order, keys=2, registration=True, service_book=False))
    assert here(desk, order) == {"keys": "wang", "registration": "wang"}
    why = {"corrected_because": "they kept them"}
    signed(shop, walked(shop, order, keys=0, registration=False, service_book=True, **why))
    assert here(desk, order) == {"keys": None, "registration": None, "service_book": "wang"}
    last = desk.ask(GetCustody(work_order_id=order.id)).hand_overs[-1]
    assert (last.thing, last.given_to, last.reason) == ("registration", None, "they kept them")
    signed(shop, walked(shop, order, keys=1, registration=False, service_book=True, **why))
    assert here(desk, order) == {"keys": "wang", "registration": None, "service_book": "wang"}


def test_a_correction_takes_nothing_back_that_was_given_to_the_customer_meanwhile(desk: Any) -> None:
    shop = Shop(desk)
    order = shop.open()
    signed(shop, walked(shop, order, service_book=True))
    passed(shop, order, None, "service_book")
    before = len(desk.ask(GetCustody(work_order_id=order.id)).hand_overs)
    signed(shop, walked(shop, order, service_book=True, damages=[], corrected_because="the scratch is dirt"))
    assert here(desk, order) == {"keys": "wang", "registration": "wang", "service_book": None}
    assert len(desk.ask(GetCustody(work_order_id=order.id)).hand_overs) == before, "nothing changed hands"


def test_but_not_what_a_driver_signed_for_at_the_door(desk: Any) -> None:
    fleet = Fleet(desk)
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    order = opened(fleet, facts)
    signed(fleet.shop, walked(fleet.shop, order, mileage=52_200, service_book=True))
    corrected = walked(
        fleet.shop, order, mileage=52_200, keys=0, registration=False, service_book=False, corrected_because="not seen"
    )
    signed(fleet.shop, corrected)
    assert here(desk, order) == {"keys": "zhou", "registration": "zhou", "service_book": None}


def test_only_who_has_it_gives_it_back_to_the_customer_or_the_manager_with_a_reason(desk: Any) -> None:
    shop = Shop(desk)
    for login, role in (("boss", "service_manager"), ("zhang", "technician")):
        desk.employ(login, role)
    order = shop.open()
    signed(shop, walked(shop, order))
    with pytest.raises(Refused) as refused:
        passed(shop, order, None, "keys", actor="zhang")
    assert (refused.value.code, refused.value.details["name"]) == ("held_by_another", "wang")
    with pytest.raises(Invalid) as unsaid:
        passed(shop, order, None, "keys", actor="boss")
    assert unsaid.value.details["errors"] == {"reason": ["required"]}
    given = HandOverThings(work_order_id=order.id, things=["keys"], reason="wang is ill")
    assert desk.do(given, actor="boss").hand_overs[-1].reason == "wang is ill"
    passed(shop, order, None, "registration", actor="wang")
    assert here(desk, order) == {"keys": None, "registration": None}


def test_what_the_odometer_showed_at_the_door_is_a_reading_like_any_other(desk: Any) -> None:
    """Rules B14 and W2: 90,000 km there are not 30,100 km at the desk."""
    fleet = Fleet(desk)
    facts = fleet.appointment()
    one = fleet.plans(facts)
    fleet.starts(one)
    fleet.records(one, mileage=90_000, mileage_reason="new cluster")
    fleet.hear(AppointmentArrived(appointment=replace(facts, status="arrived")))
    about = {"appointment_id": facts.appointment_id, "customer_id": None, "vehicle_id": None}
    fleet.signs(one)
    with pytest.raises(Refused) as refused:
        fleet.shop.open(**about, mileage=30_100)
    assert (refused.value.code, refused.value.details["known"]) == ("mileage_went_back", 90_000)
    assert fleet.shop.open(**about, mileage=90_010).id


def brings(fleet: Fleet, facts: Any, **given: Any) -> Any:
    """Back without all of it: the sheet is signed all the same."""
    back = fleet.plans(facts, "14:00", direction="return")
    fleet.starts(back)
    fleet.records(back, **given)
    return fleet.signs(back)


def test_what_was_taken_over_and_not_given_back_is_asked_about_until_it_is_explained(desk: Any) -> None:
    fleet = Fleet(desk)
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    fleet.hear(AppointmentCancelled(appointment=replace(facts, status="cancelled"), reason="too dear"))
    back = brings(fleet, facts, keys=0, registration=False, service_book=False)
    assert (back.leg_state, asked(desk)) == ("done", ["not_given_back"])
    assert desk.announced(LegDone)[-1].things == []
    with pytest.raises(Invalid) as unsaid:
        desk.do(leg.CollectCar(leg_id=back.id))
    assert unsaid.value.details["errors"] == {"reason": ["required"]}
    settled = desk.do(leg.CollectCar(leg_id=back.id, reason="in the driver's bag, sent by courier"), actor="chen")
    assert (settled.collected_by, settled.ended_because) == ("chen", "in the driver's bag, sent by courier")
    assert desk.announced(LegCollected)[-1].things == ["keys", "registration"]
    assert asked(desk) == []


def test_of_an_order_it_stays_with_who_has_it_until_they_give_it_back(desk: Any) -> None:
    """One key of two is not the keys."""
    fleet = Fleet(desk)
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    fleet.hear(AppointmentArrived(appointment=replace(facts, status="arrived")))
    order = opened(fleet, facts)
    desk.do(VoidWorkOrder(work_order_id=order.id, reason="no time"))
    back = fleet.plans(facts, "14:00", direction="return")
    fleet.starts(back)
    fleet.records(back, keys=1)
    fleet.signs(back)
    assert (here(desk, order), asked(desk)) == ({"keys": "zhou", "registration": None}, ["not_given_back"])
    desk.do(HandOverThings(work_order_id=order.id, things=["keys"]), actor="zhou")
    assert asked(desk) == []


def test_it_goes_into_the_custody_of_the_order_that_is_opened_later(desk: Any) -> None:
    fleet = Fleet(desk)
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    later, more = fleet.moved(facts, facts.starts_at + timedelta(days=10))
    fleet.hear(AppointmentRescheduled(appointment=later, **more))
    back = brings(fleet, facts, keys=2, registration=False)
    desk.clock.set(later.starts_at)
    order = opened(fleet, later)
    assert (here(desk, order), asked(desk)) == ({"registration": "zhou"}, ["not_given_back"])
    desk.do(leg.CollectCar(leg_id=back.id, reason="they had it all the time"))
    assert (here(desk, order), asked(desk)) == ({"registration": None}, [])


def test_what_the_customer_asked_back_before_the_delivery_does_not_go_with_the_driver(desk: Any) -> None:
    """Rule W24: only what is here, or was until they signed for the work."""
    fleet = Fleet(desk)
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    order = opened(fleet, facts)
    passed(fleet.shop, order, None, "registration", actor="zhou")
    order = fleet.delivers(order)
    fleet.starts(fleet.plans(facts, "14:00", direction="return", appointment_id=None, work_order_id=order.id))
    assert here(desk, order) == {"keys": "zhou", "registration": None}


def test_a_car_that_was_fetched_for_a_visit_that_is_off_and_is_worked_on_after_all_is_the_orders(desk: Any) -> None:
    """Rules B14 and W24: booked anew, or without an appointment; nobody is asked to bring it back meanwhile."""
    fleet = Fleet(desk)
    for booked_anew, begins in ((True, "08:00"), (False, "10:00")):
        facts = fleet.appointment()
        fleet.fetches(fleet.plans(facts, begins))
        fleet.hear(AppointmentCancelled(appointment=replace(facts, status="cancelled"), reason="too dear"))
        assert asked(desk) == ["car_to_return"]
        order = opened(fleet, fleet.appointment()) if booked_anew else fleet.shop.open()
        assert (here(desk, order), asked(desk)) == ({"keys": "zhou", "registration": "zhou"}, [])
        fleet.delivers(order)
        assert (set(here(desk, order).values()), asked(desk)) == ({None}, [])


def test_where_one_was_planned_for_the_other_appointment_too_the_order_has_that(desk: Any) -> None:
    """Rule B14: an order has one of each direction a trip; the desk is asked about both as before."""
    fleet = Fleet(desk)
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    fleet.hear(AppointmentCancelled(appointment=replace(facts, status="cancelled"), reason="too dear"))
    anew = fleet.appointment()
    planned = fleet.plans(anew, "10:00")
    order = opened(fleet, anew)
    assert fleet.now(planned).work_order_id == order.id
    assert sorted(asked(desk)) == ["car_is_here", "car_to_return"]


def test_nor_is_one_that_went_home_since(desk: Any) -> None:
    """Rule B14."""
    fleet = Fleet(desk)
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    fleet.hear(AppointmentCancelled(appointment=replace(facts, status="cancelled"), reason="too dear"))
    brings(fleet, facts, keys=2)
    assert here(desk, fleet.shop.open()) == {}


def test_no_order_is_void_while_what_the_customer_left_is_here(desk: Any) -> None:
    """Rule W24: nobody asks for it afterwards; given back, nothing is in the way. The folder stays with the house."""
    shop = Shop(desk)
    order = shop.open()
    signed(shop, walked(shop, order))
    void = VoidWorkOrder(work_order_id=order.id, reason="no time")
    with pytest.raises(Refused) as refused:
        desk.do(void)
    assert (refused.value.code, refused.value.details["name"]) == ("not_given_back", "wang")
    passed(shop, order, None, "keys")
    with pytest.raises(Refused) as refused:
        desk.do(void)
    assert refused.value.details["kind"] == "registration"
    passed(shop, order, None, "registration")
    assert desk.do(void).status == "void"


def test_what_the_customer_had_back_and_leaves_again_is_in_custody_again(desk: Any) -> None:
    """Rule W24: while the car is here; what was never received still is in nobody's hands."""
    shop = Shop(desk)
    desk.employ("chen", "service_advisor")
    order = shop.approved()
    signed(shop, walked(shop, order))
    passed(shop, order, None, "keys")
    with pytest.raises(Refused, match="not_in_custody"):
        passed(shop, order, None, "keys")
    last = passed(shop, order, "chen", "keys").hand_overs[-1]
    assert (here(desk, order)["keys"], last.given_by, last.given_to) == ("chen", None, "chen")
    order = shop.dispatched(order)
    desk.do(AcceptCar(work_order_id=order.id), actor="zhang")
    shop.deliver(shop.ready(order))
    with pytest.raises(Refused, match="not_in_custody"):
        passed(shop, order, "chen", "keys")


def test_keys_go_to_nobody_who_could_not_hand_them_on(desk: Any) -> None:
    """Rule W24."""
    shop = Shop(desk)
    order = shop.open()
    signed(shop, walked(shop, order))
    for login, role in (("guo", "guard"), ("ma", "cashier"), ("qian", "washer")):
        desk.employ(login, role)
        with pytest.raises(Invalid) as refused:
            passed(shop, order, login, "keys")
        assert refused.value.details["errors"] == {"given_to": ["does_not_keep_keys"]}
    assert here(desk, order)["keys"] == "wang"
