"""Rule W22: a car's history in the group, by plate or VIN, without other dealers' personal data."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.wire.errors import Invalid, NotFound
from chassis.wire.ids import new_id
from contracts.billing.events import GatePassUsed
from contracts.crm.events import VehicleRecorded
from contracts.workshop.order import VoidWorkOrder
from contracts.workshop.readiness import Recommendation
from contracts.workshop.recommendation import RecommendWork
from contracts.workshop.vehicle_history import ListVehicleHistory, VehicleHistory
from services.workshop.order.delivered_visit import DeliveredVisit
from tests.services.history import Reading, grow
from tests.services.workshop.shop import CUSTOMER, DEALER, VEHICLE, Shop, labour, part, sublet
from tests.services.workshop.test_declined_work import before, declined

OTHER = "bj-chaoyang"
LINES: dict[str, Any] = {"labour": [labour(), labour("OIL", safety=True)], "parts": [part()], "sublet": [sublet()]}


@pytest.fixture
def both(shop: Shop) -> Shop:
    """Two dealers of the group know the car, each by a file of their own."""
    shop.know_neighbours(OTHER)
    return shop


def history(shop: Shop, dealer: str = OTHER, **which: Any) -> VehicleHistory:
    return shop.desk.ask(ListVehicleHistory(**(which or {"vin": VEHICLE.vin})), dealer=dealer)


def rename(shop: Shop, plate: str, vin: str, vehicle_id: str | None = None) -> None:
    """The dealer has a file of a car with this plate."""
    facts = replace(VEHICLE, vehicle_id=vehicle_id or new_id(), plate=plate, vin=vin)
    fact = VehicleRecorded(vehicle=facts, customer_id=CUSTOMER.customer_id)
    shop.desk.hear(fact, subject=facts.vehicle_id, sequence=9)


def test_what_one_dealer_delivered_another_reads_without_anybodys_name_words_or_price(both: Shop) -> None:
    """Rule W22: when, where, mileage, operations and parts, what was declined; its dealer's alone is the order's link."""
    order = declined(both, both.quoted(both.open(complaint="my wife says it squeals"), **LINES), 2)
    order = both.approve(order)
    both.desk.do(RecommendWork(work_order_id=order.id, recommendations=[Recommendation(description="New discs", reason="worn")]))
    both.deliver(both.ready(order))
    [visit] = history(both).items
    assert (visit.dealer, visit.order_number, visit.work_order_id) == (DEALER, order.number, None)
    assert (visit.vin, visit.mileage, visit.delivered_at) == (VEHICLE.vin, 52_000, both.desk.clock.now())
    assert [(one.kind, one.operation_code or one.part_number, one.name_en, one.name_zh) for one in visit.done] == [
        ("labour", "BRAKE-F", "Front brake pads", "更换前制动片"),
        ("part", "PAD-1", "Part PAD-1", "备件PAD-1"),
        ("sublet", None, None, None),
    ]
    assert visit.done[1].quantity == LINES["parts"][0].quantity
    assert {(one.origin, one.operation_code, one.since, one.safety) for one in visit.left} == {
        ("declined", "OIL", "open", True),
        ("recommended", None, "open", False),
    }
    said = str(visit.dump())
    for private in (
        CUSTOMER.name,
        CUSTOMER.phone,
        VEHICLE.plate,
        "wife",
        "too dear",
        "worn",
        "New discs",
        "Wheel alignment",
        "zhang",
        "CNY",
    ):
        assert private not in said, private
    [own] = history(both, DEALER).items
    assert own.work_order_id == order.id
    assert "New discs" in {one.description for one in own.left}
    columns = set(DeliveredVisit.__table__.columns.keys())
    assert not columns & {
        "customer",
        "customer_id",
        "name",
        "phone",
        "plate",
        "amount_minor",
        "price_minor",
        "advisor",
        "complaint",
    }


def test_a_plate_is_looked_for_among_the_dealers_own_cars_alone(shop: Shop) -> None:
    """Rule W22: whose plate it is elsewhere, nobody learns; by a VIN or a file of one's own the car is known."""
    order = shop.deliver(shop.ready())
    assert [one.order_number for one in history(shop, DEALER, plate="沪 a-12345").items] == [order.number]
    nobodys = history(shop, plate=VEHICLE.plate)
    assert (nobodys.vins, nobodys.items) == ([], [])
    assert [one.order_number for one in history(shop, vin=VEHICLE.vin.lower()).items] == [order.number]
    with pytest.raises(NotFound):
        history(shop, vehicle_id=VEHICLE.vehicle_id)
    shop.know_neighbours(OTHER)
    for own in ({"vehicle_id": VEHICLE.vehicle_id}, {"plate": VEHICLE.plate}):
        assert [one.order_number for one in history(shop, **own).items] == [order.number]


def test_a_plate_is_whose_it_is_now(both: Shop) -> None:
    """Rule W22: where no file has it any more, whose it was at an order."""
    order = both.deliver(both.ready())
    both.desk.hear(GatePassUsed(gate_pass_id=new_id(), work_order_id=order.id, revision=1))
    rename(both, "沪B77777", VEHICLE.vin, VEHICLE.vehicle_id)
    assert history(both, DEALER, plate=VEHICLE.plate).vins == [VEHICLE.vin]
    rename(both, VEHICLE.plate, "LSVAA49J0VC200002")
    assert history(both, DEALER, plate=VEHICLE.plate).vins == ["LSVAA49J0VC200002"]


def test_what_was_reversed_is_gone_and_delivered_again_is_there_once(both: Shop) -> None:
    """Rules W15, W22: so is what never was delivered."""
    order = both.deliver(both.ready())
    assert len(history(both).items) == 1
    order = both.reverse(order)
    assert history(both).items == []
    both.deliver(order)
    assert [one.order_number for one in history(both).items] == [order.number]
    void = declined(both, both.quoted(both.open(), **LINES), 1, 2, 3, 4)
    both.desk.do(VoidWorkOrder(work_order_id=void.id, reason="wanted nothing"))
    assert len(history(both).items) == 1


def test_what_was_done_since_says_so_and_the_last_visit_comes_first(both: Shop) -> None:
    """Rules W8, W22: page by page, and a cursor is worth nothing for another car or dealer."""
    first = declined(both, both.quoted(both.open(), **LINES), 2)
    both.deliver(both.ready(both.approve(first)))
    both.desk.pass_time(hours=720)
    second = both.deliver(both.ready(both.approved(labour=[labour("OIL")])))
    found = history(both).items
    assert [one.order_number for one in found] == [second.number, first.number]
    assert [(one.operation_code, one.since) for one in found[1].left] == [("OIL", "done")]
    page = history(both, vin=VEHICLE.vin, limit=1)
    assert page.next_cursor is not None
    assert [one.order_number for one in history(both, vin=VEHICLE.vin, limit=1, cursor=page.next_cursor).items] == [first.number]
    for other in ({"dealer": DEALER, "vin": VEHICLE.vin}, {"vin": "LSVAA49J0VC200001"}):
        with pytest.raises(Invalid, match="cursor"):
            history(both, **other, limit=1, cursor=page.next_cursor)


def test_a_vin_that_was_typed_wrong_and_is_corrected_takes_its_visit_along(both: Shop) -> None:
    """Rules W2, W8, W22: so do what it was declined and warranted."""
    order = declined(both, both.quoted(both.open(), **LINES), 2)
    both.deliver(both.ready(both.approve(order)))
    right = "LSVAA49J0VC200003"
    rename(both, VEHICLE.plate, right, VEHICLE.vehicle_id)
    assert (history(both).items, before(both)) == ([], [])
    assert [one.order_number for one in history(both, vin=right).items] == [order.number]
    assert [one.operation_code for one in before(both, DEALER)] == ["OIL"]


@pytest.mark.parametrize("asked", [{}, {"vin": VEHICLE.vin, "plate": VEHICLE.plate}])
def test_exactly_one_thing_says_which_car(shop: Shop, asked: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="needs_one_car"):
        shop.desk.ask(ListVehicleHistory(**asked))


@pytest.mark.new_database
def test_a_cars_history_costs_the_same_among_those_of_others(shop: Shop) -> None:
    """Rule W22: by VIN, by file and by plate; many visits of it cost a page."""
    order = shop.deliver(shop.ready(shop.approve(declined(shop, shop.quoted(shop.open(), **LINES), 2))))
    asked = [{"vin": VEHICLE.vin}, {"vehicle_id": VEHICLE.vehicle_id}, {"plate": VEHICLE.plate}, {"plate": "沪Z99999"}]
    few = [Reading(shop.desk, ListVehicleHistory(**one)) for one in asked]
    vin = "'WVW' || lpad(n::text, 14, '0')"
    grow(shop.desk, "delivered_visit", 2_000, vin=vin, work_order_id="gen_random_uuid()")
    grow(shop.desk, "declined_work", 2_000, vin=vin, work_order_id="gen_random_uuid()")
    grow(shop.desk, "known_vehicle", 2_000, plate_key="'P' || n")
    grow(
        shop.desk,
        "work_order",
        2_000,
        of=f"id = '{order.id}'",
        number="'N' || n",
        plate_key="'P' || n",
        vehicle_id="gen_random_uuid()",
    )
    for one, was in zip(asked, few, strict=True):
        after = Reading(shop.desk, ListVehicleHistory(**one))
        assert (after.statements, len(after.answer.items)) == (was.statements, len(was.answer.items)), one
        assert after.rows <= was.rows + 2, one
    grow(shop.desk, "delivered_visit", 2_000, of=f"vin = '{VEHICLE.vin}'", work_order_id="gen_random_uuid()")
    assert Reading(shop.desk, ListVehicleHistory(vin=VEHICLE.vin, limit=5)).rows < 50


@pytest.mark.parametrize("said", [{"description": "New discs"}, {"description": "Brakes", "operation_code": "BRAKE-F"}])
def test_a_recommendation_is_named_once(shop: Shop, said: dict[str, Any]) -> None:
    """Rule W27: in words, however they are written, or by its operation."""
    order = shop.open()
    again = {**said, "description": said["description"].upper()}
    twice = [Recommendation(reason="worn", **one) for one in (said, again)]
    with pytest.raises(Invalid) as refused:
        shop.desk.do(RecommendWork(work_order_id=order.id, recommendations=twice))
    assert refused.value.details["errors"] == {"recommendations.1": ["named_twice"]}
