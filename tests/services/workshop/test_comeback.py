"""Rules W2 and W29: the same kind of work on the same car within its repair warranty, at any dealer, is a comeback."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from chassis.wire.errors import Invalid, PreconditionFailed, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Hours, Quantity
from contracts.booking.events import AppointmentBooked, AppointmentFacts
from contracts.crm.events import VehicleRecorded
from contracts.shared import PartRequest, VehicleFacts
from contracts.workshop import lane
from contracts.workshop.agreement import ChangePayer, ProposeBookedWork
from contracts.workshop.board import GetBoard
from contracts.workshop.handing_over import GetSettlement
from contracts.workshop.order import AddLines, NewLabour, NewPart, OverruleComeback, WorkOrder
from contracts.workshop.pricing import OperationEntry, PublishOperations
from contracts.workshop.reception import OpenWorkOrder
from contracts.workshop.reception_events import ComebackFound
from services.workshop.lane.settings import ReceptionSettings
from services.workshop.order.comeback import DoneRepair
from tests.services.desk import NOON
from tests.services.workshop.shop import CUSTOMER, DEALER, VEHICLE, Shop, labour, part, signed

OTHER = "bj-chaoyang"


@pytest.fixture(autouse=True)
def _published(shop: Shop) -> None:
    publish_operations(shop)


def publish_operations(shop: Shop) -> None:
    """Two kinds of brake work of one group, an overhaul, and an oil change that is no kind of repair."""
    kinds = (("BRAKE-F", "BRAKES", "minor"), ("BRAKE-R", "BRAKES", "minor"), ("ENGINE", "ENGINE", "overhaul"))
    entries = [
        OperationEntry(
            operation_code=code, name_zh=code, name_en=code, hours=Hours.of("1.00"), operation_group=group, work_class=kind
        )
        for code, group, kind in kinds
    ]
    shop.desk.do(PublishOperations(operations=entries), dealer=None)


def delivered(shop: Shop, *codes: str) -> WorkOrder:
    """A car that was delivered with this work, at 60,000 km."""
    ready = shop.ready(shop.approved(shop.open(), labour=[labour(code) for code in codes]))
    return shop.deliver(shop.certified(ready) if "ENGINE" in codes else ready)


def back(shop: Shop, *codes: str, dealer: str = DEALER, **more: Any) -> WorkOrder:
    return shop.open(dealer=dealer, operations=list(codes), **more)


def booked(shop: Shop, appointment: AppointmentFacts, visit: str | None = None, sequence: int = 1, times: int = 1) -> None:
    """booking announces the appointment."""
    ids = {"subject": appointment.appointment_id, "sequence": sequence, "visit": visit, "times": times}
    shop.desk.hear(AppointmentBooked(appointment=appointment), **ids)


def test_the_same_kind_of_work_is_a_comeback_at_any_dealer_and_only_of_the_same_car(shop: Shop) -> None:
    first = delivered(shop, "BRAKE-F")
    shop.know_neighbours(OTHER)
    order = back(shop, "BRAKE-R", dealer=OTHER)
    assert (order.priority, order.comeback is not None) == ("comeback", True)
    assert order.comeback is not None
    [earlier] = order.comeback.repairs
    assert (earlier.operation_group, earlier.dealer, earlier.order_number) == ("BRAKES", DEALER, first.number)
    assert back(shop, "ENGINE", dealer=OTHER).comeback is None
    assert back(shop, dealer=OTHER).priority == "normal"
    stranger = VehicleFacts(vehicle_id=new_id(), vin="LSVAA49J0VC200009", plate="京A00001", make="VW", model="Passat")
    shop.desk.hear(VehicleRecorded(vehicle=stranger, customer_id=CUSTOMER.customer_id), subject=stranger.vehicle_id, dealer=OTHER)
    assert back(shop, "BRAKE-F", dealer=OTHER, vehicle_id=stranger.vehicle_id).comeback is None
    shop.desk.do(AddLines(work_order_id=order.id, labour=[NewLabour(operation_code="BRAKE-R")]), dealer=OTHER)
    [card] = [one for one in shop.desk.ask(GetBoard(), dealer=OTHER).orders if one.id == order.id]
    assert card.tags == ["comeback"]


def test_a_class_of_work_is_warranted_for_its_days_and_kilometres_whichever_comes_first(shop: Shop) -> None:
    """Minor repairs 10 days or 2,000 km, an overhaul 100 days or 20,000 km; what was delivered keeps what it was promised."""
    end = delivered(shop, "BRAKE-F", "ENGINE")
    assert end.mileage is not None
    known = shop.desk.ask(lane.GetReceptionSettings())
    assert {one.work_class: (one.days, one.km) for one in known.warranties} == {
        "first_level": (10, 2_000),
        "second_level": (30, 5_000),
        "overhaul": (100, 20_000),
        "assembly": (100, 20_000),
        "special": (10, 2_000),
        "minor": (10, 2_000),
    }
    short = [lane.RepairWarranty(work_class="minor", days=0, km=0)]
    shop.desk.do(lane.SetReceptionSettings(warranties=short), if_match=known.version)
    with pytest.raises(Invalid):
        shop.desk.do(lane.SetReceptionSettings(warranties=short * 2), if_match=known.version + 1)

    def groups(mileage: int) -> list[str]:
        found = back(shop, "BRAKE-F", "ENGINE", mileage=mileage).comeback
        return sorted(one.operation_group for one in found.repairs) if found else []

    assert groups(end.mileage + 2_000) == ["BRAKES", "ENGINE"]
    assert groups(end.mileage + 2_001) == ["ENGINE"]
    assert groups(end.mileage + 20_001) == []
    shop.desk.pass_time(days=10)
    assert groups(end.mileage + 20_002) == []


def test_the_settlement_says_of_each_line_for_how_long_it_is_warranted(shop: Shop) -> None:
    """Rules W29 and L3: labour by its class, parts as the labour of their job; it is signed, and kept as it was signed."""
    lines = {"labour": [labour("ENGINE"), labour("OIL")], "parts": [part()]}
    order = shop.certified(shop.ready(shop.approved(**lines)))
    shown = shop.desk.ask(GetSettlement(work_order_id=order.id))
    printed = [(10, 2_000) if one.operation_code == "OIL" else (100, 20_000) for one in shown.lines]
    assert [(one.warranty_days, one.warranty_km) for one in shown.lines] == printed
    known = shop.desk.ask(lane.GetReceptionSettings())
    longer = [lane.RepairWarranty(work_class="minor", days=20, km=4_000)]
    shop.desk.do(lane.SetReceptionSettings(warranties=longer), if_match=known.version)
    with pytest.raises(PreconditionFailed, match="document_changed"):
        shop.deliver(order, signature=replace(signed(), document_hash=shown.document_hash))
    shop.deliver(order)
    shop.desk.do(lane.SetReceptionSettings(), if_match=known.version + 1)
    kept = shop.desk.ask(GetSettlement(work_order_id=order.id))
    assert [one.warranty_days for one in kept.lines if one.operation_code == "OIL"] == [20]


def test_a_dealer_that_was_registered_before_there_were_numbers_warrants_by_the_rule(shop: Shop) -> None:
    """Rule W29: it has no row of its own."""
    order = shop.ready(shop.approved(labour=[labour("OIL")]))

    def forget(session: Any) -> None:
        session.execute(delete(ReceptionSettings))
        session.commit()

    shop.desk.rows(forget)
    [line] = shop.desk.ask(GetSettlement(work_order_id=order.id)).lines
    assert (line.warranty_days, line.warranty_km) == (10, 2_000)


def test_after_its_days_it_is_none(shop: Shop) -> None:
    delivered(shop, "BRAKE-F", "ENGINE")
    shop.desk.pass_time(days=10)
    assert back(shop, "BRAKE-F").comeback is not None
    shop.desk.pass_time(seconds=1)
    assert back(shop, "BRAKE-F").comeback is None
    assert back(shop, "ENGINE").comeback is not None


def test_the_house_pays_what_comes_back_unless_it_is_overruled_with_a_reason(shop: Shop) -> None:
    delivered(shop, "BRAKE-F")
    order = shop.open()
    with pytest.raises(Refused, match="comeback_is_internal"):
        shop.desk.do(AddLines(work_order_id=order.id, labour=[labour("BRAKE-R")]))
    lines = AddLines(
        work_order_id=order.id,
        labour=[NewLabour(operation_code="BRAKE-R"), labour("OIL")],
        parts=[NewPart(part_number="PAD-1", quantity=Quantity.of("2"))],
    )
    found = shop.estimate(shop.desk.do(lines))
    assert found.priority == "comeback"
    assert [[share.payer for share in line.shares] for line in found.lines] == [["internal"], ["customer_pay"], ["internal"]]
    brakes = found.lines[0]
    customer = ChangePayer(
        work_order_id=order.id, line_id=brakes.line_id, payer="customer_pay", reason="nail", authorised_by="boss"
    )
    with pytest.raises(Refused, match="comeback_is_internal"):
        shop.desk.do(customer)
    overruled = shop.desk.do(OverruleComeback(work_order_id=order.id, reason="a nail in the tyre"), actor="boss")
    assert overruled.comeback is not None
    assert (overruled.priority, overruled.comeback.overruled_by) == ("normal", "boss")
    shop.desk.do(customer)
    with pytest.raises(Refused, match="no_comeback"):
        shop.desk.do(OverruleComeback(work_order_id=order.id, reason="again"))


def test_booked_work_that_comes_back_is_found_when_the_order_opens_and_paid_by_the_house(shop: Shop) -> None:
    delivered(shop, "BRAKE-F")
    appointment = shop.appointment(operations=["BRAKE-F", "OIL"])
    shop.arrive(appointment)
    order = shop.desk.do(OpenWorkOrder(appointment_id=appointment.appointment_id, confirm_second_order=True))
    assert order.priority == "comeback"
    terms = {"payment_method": "card", "old_parts": "dispose", "free_wash": False, "consents_to_other_damage": False}
    done = shop.desk.do(ProposeBookedWork(work_order_id=order.id, payer="customer_pay", **terms))
    assert [[share.payer for share in line.shares] for line in done.lines] == [["internal"], ["customer_pay"]]


@pytest.mark.parametrize(("operations", "payers"), [(["BRAKE-F"], ["internal"] * 2), (["OIL"], ["customer_pay"] * 2)])
def test_the_house_pays_parts_that_are_called_for_with_what_comes_back_and_no_others(
    shop: Shop, operations: list[str], payers: list[str]
) -> None:
    """Rule W2: also where the order comes back for something else."""
    order, appointment = _booked_beside_a_comeback(shop, operations)
    done = shop.desk.do(ProposeBookedWork(work_order_id=order.id, payer="customer_pay", **TERMS))
    assert [share.payer for line in done.lines for share in line.shares] == payers
    assert appointment.parts


def test_who_pays_a_booked_part_is_asked_where_it_may_belong_to_either(shop: Shop) -> None:
    """Rule W2: of what comes back and of other work alike; once the part is on the order with its payer, the rest is proposed."""
    order, _ = _booked_beside_a_comeback(shop, ["BRAKE-F", "OIL"])
    asked = ProposeBookedWork(work_order_id=order.id, payer="customer_pay", **TERMS)
    with pytest.raises(Invalid, match=r"parts\.0\.payer"):
        shop.desk.do(asked)
    shop.desk.do(AddLines(work_order_id=order.id, parts=[part("PAD-1")]))
    done = shop.desk.do(asked)
    assert sorted((line.kind, share.payer) for line in done.lines for share in line.shares) == [
        ("labour", "customer_pay"),
        ("labour", "internal"),
        ("part", "customer_pay"),
    ]


TERMS: dict[str, Any] = {"payment_method": "card", "old_parts": "dispose", "free_wash": False, "consents_to_other_damage": False}


def _booked_beside_a_comeback(shop: Shop, operations: list[str]) -> tuple[WorkOrder, AppointmentFacts]:
    delivered(shop, "BRAKE-F")
    wanted = [PartRequest(line_id=new_id(), part_number="PAD-1", quantity=Quantity.of("1"))]
    appointment = shop.appointment(operations=operations, parts=wanted)
    shop.arrive(appointment)
    found = {"operations": ["BRAKE-R"], "confirm_second_order": True}
    return shop.desk.do(OpenWorkOrder(appointment_id=appointment.appointment_id, **found)), appointment


def test_a_delivery_that_was_reversed_warrants_nothing_and_the_next_one_does(shop: Shop) -> None:
    order = delivered(shop, "BRAKE-F")
    shop.reverse(order)
    assert back(shop, "BRAKE-F").comeback is None
    shop.deliver(shop.now(order))
    assert back(shop, "BRAKE-F").comeback is not None


def test_what_the_group_shares_knows_no_person(shop: Shop) -> None:
    """Neither names nor phones nor prices stand in the shared row."""
    delivered(shop, "BRAKE-F")
    said = str(shop.desk.rows(lambda session: session.execute(select(DoneRepair.__table__)).all()))
    assert VEHICLE.vin in said
    assert not any(secret in said for secret in (CUSTOMER.name, CUSTOMER.phone, CUSTOMER.customer_id, VEHICLE.plate))


def test_a_comeback_is_a_fact_once_per_visit_as_soon_as_it_is_booked(shop: Shop) -> None:
    """The desk, the technical director and the workshop prepare for it before the car comes: the tags of Rule B6."""
    first = delivered(shop, "BRAKE-F")
    later = {"status": "confirmed", "operations": ["BRAKE-R", "BRAKE-F", "OIL"], "starts_at": NOON + timedelta(days=2)}
    appointment = shop.appointment(**later)
    visit = new_id()
    booked(shop, appointment, visit, times=2)
    booked(shop, replace(appointment, operations=["BRAKE-F"]), visit, sequence=2)
    [told] = shop.desk.announced(ComebackFound)
    assert (told.appointment_id, told.work_order_id, told.plate) == (appointment.appointment_id, None, VEHICLE.plate)
    assert (told.repair.operation_group, told.repair.order_number) == ("BRAKES", first.number)
    order = shop.desk.do(OpenWorkOrder(appointment_id=appointment.appointment_id, confirm_second_order=True))
    assert (order.priority, order.visit_id) == ("comeback", visit)
    assert len(shop.desk.announced(ComebackFound)) == 1
    walk_in = back(shop, "BRAKE-F")
    assert shop.desk.announced(ComebackFound)[-1].work_order_id == walk_in.id


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": NOON + timedelta(days=11)},
        {"operations": ["ENGINE"]},
        {"operations": []},
        {"status": "cancelled"},
    ],
)
def test_what_is_booked_for_after_its_warranty_or_is_other_work_or_is_off_is_no_comeback(shop: Shop, changes: Any) -> None:
    delivered(shop, "BRAKE-F")
    booked(shop, shop.appointment(**{"status": "confirmed", "operations": ["BRAKE-F"], **changes}))
    assert shop.desk.announced(ComebackFound) == []
