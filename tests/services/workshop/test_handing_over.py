"""Handing over through the door: what is announced when a car is delivered, reversed, closed (Rules W13 to W15)."""

import re
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from chassis.wire.errors import Invalid, NotFound, PreconditionFailed, Refused
from chassis.wire.ids import derived_id, new_id
from chassis.wire.values import Hours, Quantity
from contracts.billing.events import GatePassUsed, TaxRateSet
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.shared import Party, PayerParty
from contracts.workshop import agreement, shop_floor
from contracts.workshop.agreement import GetEstimate
from contracts.workshop.events import WorkOrderClosed, WorkOrderDelivered, WorkOrderReady
from contracts.workshop.finding import ListWorkOrders
from contracts.workshop.handing_over import DeliverWorkOrder, GetSettlement
from contracts.workshop.order import AddLines, NamePayer, Split, UnnamePayer
from services.workshop.model import Base
from tests.services.workshop.shop import CUSTOMER, VEHICLE, cny, labour, line_id, part, signed, sublet


def use_gate_pass(shop, order, *, revision=1, times=1):
    shop.desk.hear(GatePassUsed(gate_pass_id=new_id(), work_order_id=order.id, revision=revision), times=times)


def test_a_delivery_tells_billing_parts_and_crm_all_they_need(shop):
    halves = [Split(payer="warranty", basis_points=5000), Split(payer="customer_pay", basis_points=5000)]
    order = shop.quoted(shop.open(), labour=[labour()], parts=[part()], sublet=[sublet("80.00"), sublet("100.01", split=halves)])
    shop.desk.do(
        agreement.DeclineLines(work_order_id=order.id, line_ids=[line_id(order, 3)], reason="not now", decision=signed())
    )
    order = shop.ready(shop.approve(order))
    assert [fact.total for fact in shop.desk.announced(WorkOrderReady)] == [cny("823.99")]
    order = shop.deliver(
        order,
        next_service_on=date(2026, 9, 2),
        next_service_mileage=57_000,
        preferred_follow_up_time=time(18, 30),
        preferred_phone="13900000009",
    )
    [fact] = shop.desk.announced(WorkOrderDelivered)
    assert (order.status, order.revision, order.mileage, order.total) == ("delivered", 1, 52_000, cny("823.99"))
    assert (fact.work_order_id, fact.number, fact.revision, fact.customer, fact.vehicle) == (
        order.id,
        order.number,
        1,
        CUSTOMER,
        VEHICLE,
    )
    assert [
        (line.number, line.kind, line.operation_code, line.hours, line.part_number, line.quantity, line.amount)
        for line in fact.lines
    ] == [
        (1, "labour", "BRAKE-F", Hours.of("1.50"), None, None, cny("324.00")),
        (2, "part", None, None, "PAD-1", Quantity.of("2"), cny("399.98")),
        (4, "sublet", None, None, None, None, cny("100.01")),
    ]
    assert [(share.payer, share.amount) for share in fact.lines[2].shares] == [
        ("warranty", cny("50.01")),
        ("customer_pay", cny("50.00")),
    ]
    assert [(line.line_id, line.reason) for line in fact.declined] == [(line_id(order, 3), "not now")]
    assert (fact.mileage, fact.currency, fact.tax_mode, fact.advisor, fact.accepted_by, fact.delivered_at) == (
        52_000,
        "CNY",
        "inclusive",
        "wang",
        "Li Na",
        shop.desk.clock.now(),
    )
    assert (fact.next_service_on, fact.next_service_mileage, fact.preferred_follow_up_time, fact.preferred_phone) == (
        date(2026, 9, 2),
        57_000,
        time(18, 30),
        "13900000009",
    )


def test_what_the_customer_was_shown_is_in_what_they_signed(shop):
    """Rule W13: the work, the old parts; who says nothing of it said nothing, and the preview is the same for both."""
    order = shop.ready()
    before = shop.desk.ask(GetSettlement(work_order_id=order.id))
    assert before.things_shown is None
    shop.deliver(order, things_shown=["work", "old_parts"])
    signed_one = shop.desk.ask(GetSettlement(work_order_id=order.id))
    assert (signed_one.things_shown, signed_one.signature.verified) == (["work", "old_parts"], True)
    assert signed_one.document_hash != before.document_hash
    other = shop.ready()
    with pytest.raises(Invalid) as twice:
        shop.deliver(other, things_shown=["work", "work"])
    assert twice.value.details["errors"] == {"things_shown": ["named_twice"]}
    shop.deliver(other)
    assert shop.desk.ask(GetSettlement(work_order_id=other.id)).things_shown is None


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("next_service_on", date(2026, 3, 2), "must_be_future"),
        ("next_service_on", date(2025, 3, 3), "must_be_future"),
        ("next_service_on", date(2099, 3, 3), 'too_far_ahead {"days": 1830}'),
        ("next_service_mileage", 52_000, 'must_be_more_than {"field": "mileage"}'),
        ("preferred_phone", "12345", 'not_a_phone_of {"country": "CN"}'),
        ("preferred_phone", "+44 20 1", 'not_a_phone_of {"country": "GB"}'),
    ],
)
def test_what_is_agreed_for_later_is_later_and_the_phone_can_be_called(shop, field, value, rule):
    """Rule W13; the day is the dealer's."""
    order = shop.ready()
    with pytest.raises(Invalid) as refused:
        shop.deliver(order, **{field: value})
    assert refused.value.details["errors"] == {field: [rule]}
    assert shop.desk.announced(WorkOrderDelivered) == []


def test_the_tax_mode_is_the_dealers_when_the_order_was_opened(shop):
    shop.desk.register("sz-nanshan", tax_mode="exclusive")
    shop.know_neighbours("sz-nanshan")
    order = shop.open(dealer="sz-nanshan")
    assert shop.desk.ask(GetSettlement(work_order_id=order.id), dealer="sz-nanshan").tax_mode == "exclusive"


def rate_set(shop, day, rate, sequence=1):
    """billing announces the rate of deliveries from a day on."""
    identity = derived_id("tax_rate", day)
    shop.desk.hear(TaxRateSet(tax_rate_id=identity, effective_on=day, rate=rate), subject=identity, sequence=sequence)


def test_the_settlement_is_taxed_at_the_rate_of_the_day_and_says_it_to_billing(shop):
    """Rule L1: 13 % until the dealer's first rate; the newest fact of a day counts, in any order of arrival."""
    order = shop.ready()
    assert shop.desk.ask(GetSettlement(work_order_id=order.id)).tax_rate == "13"
    today = shop.desk.clock.now().astimezone(ZoneInfo("Asia/Shanghai")).date()
    rate_set(shop, today, "9.5", sequence=2)
    rate_set(shop, today, "8", sequence=1)
    rate_set(shop, today + timedelta(days=1), "7")
    shown = shop.desk.ask(GetSettlement(work_order_id=order.id))
    assert (shown.tax_rate, shown.gross, shown.tax) == ("9.5", cny("803.98"), cny("69.75"))
    shop.deliver(order)
    rate_set(shop, today, "6", sequence=3)
    [fact] = shop.desk.announced(WorkOrderDelivered)
    signed = shop.desk.ask(GetSettlement(work_order_id=order.id))
    assert (fact.tax_rate, signed.tax_rate, signed.tax) == ("9.5", "9.5", shown.tax)


def test_a_delivery_says_names_address_and_plate_of_its_moment_and_not_of_the_opening(shop):
    """Rule L1: what crm corrected while the car was here is what is printed, also after a reversal."""
    order = shop.ready()
    corrected = replace(CUSTOMER, name="Li Na GmbH", address="Zhangyang Road 500", tax_number="91310115MA1K3YTW5B")
    replated = replace(VEHICLE, plate="沪B54321")
    shop.desk.hear(CustomerRecorded(customer=corrected), subject=CUSTOMER.customer_id, sequence=2)
    shop.desk.hear(VehicleRecorded(vehicle=replated, customer_id=CUSTOMER.customer_id), subject=VEHICLE.vehicle_id, sequence=2)
    order = shop.deliver(order)
    assert (order.customer, order.vehicle) == (corrected, replated)
    [item] = shop.desk.ask(ListWorkOrders(plate="沪B54321")).items
    assert item.customer_name == "Li Na GmbH"
    shop.desk.hear(CustomerRecorded(customer=CUSTOMER), subject=CUSTOMER.customer_id, sequence=3)
    shop.deliver(shop.reverse(order))
    first, second = shop.desk.announced(WorkOrderDelivered)
    assert (first.customer, first.vehicle, second.customer) == (corrected, replated, CUSTOMER)


def test_the_parties_behind_payers_are_named_until_the_delivery_and_go_with_it(shop):
    """Rule L1: each payer is a party with name and address, not a label on the customer's invoice."""
    insured = Split(payer="insurer", basis_points=6667), Split(payer="customer_pay", basis_points=3333)
    order = shop.ready(shop.approved(sublet=[sublet("100.00", split=list(insured))]))
    first, second = Party(name="PICC"), Party(name="Ping An", address="Lujiazui Ring Road 1333", tax_number="91310115000000000X")
    shop.desk.do(NamePayer(work_order_id=order.id, payer="warranty", party=first))
    shop.desk.do(NamePayer(work_order_id=order.id, payer="insurer", party=first, claim_number="C-1"))
    named = shop.desk.do(NamePayer(work_order_id=order.id, payer="insurer", party=second, claim_number="C-2"))
    assert [(one.payer, one.party.name) for one in named.payer_parties] == [("warranty", "PICC"), ("insurer", "Ping An")]
    order = shop.desk.do(UnnamePayer(work_order_id=order.id, payer="warranty"))
    shop.deliver(order)
    [fact] = shop.desk.announced(WorkOrderDelivered)
    assert fact.payer_parties == [PayerParty(payer="insurer", party=second, claim_number="C-2")]
    with pytest.raises(Refused, match="not_in_this_status"):
        shop.desk.do(NamePayer(work_order_id=order.id, payer="insurer", party=first))


def test_an_estimate_is_taxed_at_the_rate_of_the_promised_day(shop):
    order = shop.open()
    local = shop.desk.clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    rate_set(shop, (local + timedelta(days=3)).date(), "9")
    shop.desk.do(AddLines(work_order_id=order.id, sublet=[sublet("109.00")]))
    assert shop.desk.ask(GetEstimate(work_order_id=shop.estimate(order).id)).tax_rate == "13"
    shop.estimate(order, promised_at=shop.desk.clock.now() + timedelta(days=3))
    shown = shop.desk.ask(GetEstimate(work_order_id=order.id))
    assert (shown.tax_rate, shown.net, shown.tax, shown.gross) == ("9", cny("100.00"), cny("9.00"), cny("109.00"))


def test_less_installed_is_delivered_and_billed_as_less(shop):
    order = shop.dispatched(shop.approved(parts=[part(quantity="2")]))
    shop.desk.do(shop_floor.RecordInstalled(work_order_id=order.id, line_id=line_id(order, 1), quantity=Quantity.of("1")))
    shop.deliver(shop.ready(order))
    [fact] = shop.desk.announced(WorkOrderDelivered)
    assert [(line.quantity, line.amount) for line in fact.lines] == [(Quantity.of("1"), cny("199.99"))]


def test_the_preview_becomes_the_signed_settlement(shop):
    order = shop.ready()
    preview = shop.desk.ask(GetSettlement(work_order_id=order.id))
    assert (preview.final, preview.revision, preview.total, preview.accepted_by) == (False, 1, cny("803.98"), None)
    assert (preview.labour, preview.parts, preview.sublet) == (cny("324.00"), cny("399.98"), cny("80.00"))
    shop.deliver(order)
    signed_one = shop.desk.ask(GetSettlement(work_order_id=order.id))
    assert (signed_one.final, signed_one.accepted_by, signed_one.lines) == (True, "Li Na", preview.lines)
    assert [(share.payer, share.amount) for share in signed_one.payers] == [("customer_pay", cny("803.98"))]
    for other in ({"work_order_id": order.id, "revision": 2}, {"work_order_id": new_id()}):
        with pytest.raises(NotFound):
            shop.desk.ask(GetSettlement(**other))
    with pytest.raises(NotFound):
        shop.desk.ask(GetSettlement(work_order_id=order.id), dealer="bj-chaoyang")


def test_delivering_twice_with_one_key_is_one_delivery_and_a_stale_version_none(shop):
    order = shop.ready()
    with pytest.raises(PreconditionFailed):
        shop.desk.do(DeliverWorkOrder(work_order_id=order.id, mileage=1, signature=signed()), if_match=order.version - 1)
    for _ in range(2):
        shop.desk.do(DeliverWorkOrder(work_order_id=order.id, mileage=1, signature=signed()), key="k", if_match=order.version)
    assert len(shop.desk.announced(WorkOrderDelivered)) == 1
    with pytest.raises(Refused, match="not_in_this_status"):
        shop.deliver(order)


def test_a_used_gate_pass_closes_the_order_once_and_for_all(shop):
    order = shop.deliver(shop.ready())
    use_gate_pass(shop, order, times=2)
    use_gate_pass(shop, order)  # the same fact again after the inbox forgot it
    assert shop.now(order).status == "closed"
    assert shop.now(order).version == order.version + 1
    assert len(shop.desk.announced(WorkOrderClosed)) == 1
    assert shop.desk.parked() == []


def test_a_gate_pass_before_its_delivery_waits(shop):
    order = shop.ready()
    use_gate_pass(shop, order)
    assert [(one.subscriber, one.kind) for one in shop.desk.parked()] == [("workshop.close_work_order", "early")]


def test_a_gate_pass_of_a_reversed_delivery_closes_nothing_and_is_seen(shop):
    order = shop.reverse(shop.deliver(shop.ready()))
    use_gate_pass(shop, order)
    assert shop.now(order).status == "ready"
    assert [(one.kind, "not_in_this_status" in one.reason) for one in shop.desk.parked()] == [("dead", True)]


def test_delivering_takes_few_statements(shop):
    """The benchmarked path reads the order, its lines and its moment, and writes the order and the delivery."""
    order, statements = shop.ready(), []
    seen = replace(signed(), document_hash=shop.desk.ask(GetSettlement(work_order_id=order.id)).document_hash)
    event.listen(shop.desk.executor.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    shop.desk.do(DeliverWorkOrder(work_order_id=order.id, mileage=52_000, signature=seen))
    ours = re.compile(r"(FROM|UPDATE|INTO) (" + "|".join(Base.metadata.tables) + r")\b")
    touched = [found.group() for statement in statements if (found := ours.search(statement))]
    assert sorted(touched) == [
        "FROM known_customer",  # and its vehicle, its last mileage and the tax rate, in one statement
        "FROM order_line",
        "FROM work_order",
        "INTO delivered_visit",  # the group's
        "INTO delivery",
        "UPDATE work_order",
    ]
