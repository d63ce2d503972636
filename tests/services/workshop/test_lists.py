"""Lists of work orders: filters, order, and what a program needs that keeps a copy."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.wire.errors import Invalid
from chassis.wire.ids import derived_id, new_id
from chassis.wire.values import Quantity
from contracts.billing.events import GatePassUsed
from contracts.crm.events import CustomerRecorded
from contracts.gateway.events import AccountRecorded
from contracts.parts.events import PartsReserved
from contracts.shared import PartRequest
from contracts.workshop.agreement import ProposeAdditionalWork
from contracts.workshop.attendance import FormTeam
from contracts.workshop.finding import ListWorkOrders, WorkOrderSummary
from contracts.workshop.order import VoidWorkOrder
from contracts.workshop.shop_floor import AssignLine, DispatchWorkOrder, HoldWorkOrder
from tests.services.history import Reading, grow_orders
from tests.services.workshop.shop import VEHICLE, labour, line_id, part


def listed(shop, **asked):
    return [item.id for item in shop.desk.ask(ListWorkOrders(**asked)).items]


def test_filters_hold_together_and_a_status_may_be_one_of_several(shop):
    first, second, third = shop.open(), shop.dispatched(shop.approved(), technician="chen"), shop.open()
    assert listed(shop, status=["open", "dispatched"]) == [third.id, second.id, first.id]
    assert listed(shop, technician="chen") == [second.id]
    assert listed(shop, technician="chen", status=["open"]) == []
    assert listed(shop, number=first.number) == [first.id]
    assert listed(shop, vehicle_id=first.vehicle.vehicle_id, customer_id=first.customer.customer_id) == [
        third.id,
        second.id,
        first.id,
    ]
    assert listed(shop, advisor="nobody") == []


def test_an_order_is_found_by_its_number_a_beginning_or_its_last_digits_however_they_are_typed(shop):
    """What is read from the paper, or what people call it by in the shop."""
    order, other = shop.open(), shop.open()
    assert order.number == "RO-2026-000001"
    for typed in (
        "RO-2026-000001",
        "ro-2026-000001",
        " ro 2026 000001 ",
        "ＲＯ－２０２６－０００００１",
        "2026-000001",
        "000001",
        "1",
    ):
        assert listed(shop, number=typed) == [order.id]
    for beginning in ("RO-2026", "ro-2026-0000", "RO-20", "ro", "R"):
        assert listed(shop, number=beginning) == [other.id, order.id]
        assert listed(shop, number=beginning, sort="opened_at") == [order.id, other.id]
    for nobodys in ("%", "2026-1", "RO-2025", "RO-2026-00000X", "INV-2026-000001", "RO-2026-0000011", "0000001"):
        assert listed(shop, number=nobodys) == []
    with pytest.raises(Invalid, match="number"):
        listed(shop, number=" - ")


def test_orders_are_found_by_a_piece_of_the_customers_name_or_phone_however_it_is_typed(shop):
    """By the file as crm last announced it; 李娜 is found by her initials, too."""
    order = shop.open()
    for typed in ({"name": "li NA"}, {"name": "na"}, {"phone": "+86 138 0000 0001"}, {"phone": "0001"}):
        assert listed(shop, **typed) == [order.id]
    renamed = replace(order.customer, name="李娜")
    shop.desk.hear(CustomerRecorded(customer=renamed), subject=renamed.customer_id, sequence=9)
    assert listed(shop, name="ln") == listed(shop, name="lina", phone="138") == [order.id]
    assert listed(shop, name="wang") == []
    with pytest.raises(Invalid, match="name"):
        listed(shop, name="--")


def test_days_are_the_dealers_and_both_ends_count(shop):
    """It is noon in Shanghai and four in the morning in UTC: an order of thirteen hours later is of the next day there only."""
    first = shop.open()
    today = shop.desk.clock.now().date()
    shop.desk.pass_time(hours=13)
    second = shop.open()
    assert listed(shop, from_day=today, to_day=today) == [first.id]
    assert listed(shop, from_day=today + timedelta(days=1)) == [second.id]
    assert listed(shop, to_day=today + timedelta(days=1)) == [second.id, first.id]


def test_orders_come_in_the_order_that_is_asked_for(shop):
    first, second = shop.open(), shop.open()
    shop.desk.pass_time(minutes=1)
    shop.approved(first)
    assert listed(shop, sort="opened_at") in ([first.id, second.id], [second.id, first.id])  # opened in the same moment
    assert listed(shop, sort="number") == [first.id, second.id]
    assert listed(shop, sort="updated_at") == [second.id, first.id]
    assert listed(shop, sort="-updated_at") == [first.id, second.id]


def test_a_copy_is_kept_up_to_date_with_what_changed_since(shop):
    first, second = shop.open(), shop.open()
    seen = shop.desk.ask(ListWorkOrders(sort="updated_at")).items[-1].updated_at
    shop.desk.pass_time(minutes=1)
    shop.approved(second)
    assert listed(shop, updated_since=seen + timedelta(seconds=1), sort="updated_at") == [second.id]
    assert listed(shop, updated_since=seen, sort="updated_at") == [first.id, second.id]
    assert shop.now(second).updated_at == shop.desk.clock.now()


def test_a_cursor_is_worth_nothing_in_another_order_or_with_another_filter(shop):
    for _ in range(3):
        shop.open()
    cursor = shop.desk.ask(ListWorkOrders(limit=1)).next_cursor
    assert len(listed(shop, limit=1, cursor=cursor)) == 1
    for asked in ({"sort": "number"}, {"status": ["open"]}):
        with pytest.raises(Invalid, match="cursor"):
            listed(shop, limit=1, cursor=cursor, **asked)


def test_open_is_everything_that_is_neither_closed_nor_void(shop):
    opened, delivered = shop.open(), shop.deliver(shop.ready())
    closed, void = shop.deliver(shop.ready()), shop.open()
    shop.desk.hear(GatePassUsed(gate_pass_id=new_id(), work_order_id=closed.id, revision=1))
    shop.desk.do(VoidWorkOrder(work_order_id=void.id, reason="left"))
    assert set(listed(shop, open=True)) == {opened.id, delivered.id}
    assert set(listed(shop, open=False)) == {closed.id, void.id}
    assert listed(shop, open=True, status=["void"]) == []


def test_an_order_is_found_by_who_is_clocked_on_to_it_now(shop):
    order = shop.dispatched(shop.approved(labour=[labour()]))
    assert listed(shop, worked_on_by="chen") == []
    shop.clock_on(order, technician="chen")
    assert listed(shop, worked_on_by="chen") == [order.id]
    assert (listed(shop, technician="chen"), listed(shop, technician="zhang")) == ([], [order.id])
    shop.clock_off(order, technician="chen", done=False)
    assert listed(shop, worked_on_by="chen") == []


def test_in_the_shop_a_car_is_found_by_whoever_has_work_on_it(shop):
    """Rule W22: somebody leads it, another has a line of it, a third is in the team that has it."""
    for login in ("tian", "zhao"):
        shop.desk.employ(login, "team_leader", "technician")
    team = shop.desk.do(FormTeam(team_name="One", leader="tian", members=["zhao"], shifts=[]))
    led = shop.dispatched(shop.approved(labour=[labour(), labour("OIL")]))
    shop.desk.do(AssignLine(work_order_id=led.id, line_id=line_id(led, 2), technician="chen"))
    teams = shop.approved(labour=[labour()])
    shop.desk.do(DispatchWorkOrder(work_order_id=teams.id, team_id=team.id, bay="B2"))
    for login, theirs in (("zhang", [led.id]), ("chen", [led.id]), ("zhao", [teams.id]), ("nobody", [])):
        assert listed(shop, in_shop=True, technician=login) == theirs, login
    assert listed(shop, technician="chen") == [], "of all orders it is to whom they were given"


def test_an_entry_says_what_a_lane_of_cars_needs(shop):
    """Whose car, who looks after it, how late it is, what it waits for: without a second question."""
    shop.desk.employ("wang", "service_advisor")
    order = shop.dispatched(shop.approved(labour=[labour()], parts=[part()]))
    shop.desk.do(ProposeAdditionalWork(work_order_id=order.id, labour=[labour("OIL")]))
    order = shop.desk.do(HoldWorkOrder(work_order_id=order.id, reason="parts"))
    short = [PartRequest(line_id=line_id(order, 2), part_number="PAD-1", quantity=Quantity.of("2"))]
    shop.desk.hear(PartsReserved(work_order_id=order.id, reserved=[], short=short), subject=order.id)
    shop.desk.pass_time(hours=4, minutes=5)
    (item,) = shop.desk.ask(ListWorkOrders(advisor="wang", open=True)).items
    assert item == WorkOrderSummary(
        id=order.id,
        version=order.version,
        updated_at=order.updated_at,
        number=order.number,
        status="on_hold",
        vehicle_id=order.vehicle.vehicle_id,
        plate="沪A12345",
        make="Volvo",
        model="XC60",
        customer_id=order.customer.customer_id,
        customer_name="Li Na",
        advisor="wang",
        advisor_name="wang",
        technician="zhang",
        technician_name="zhang",
        bay="B1",
        opened_at=order.opened_at,
        promised_at=order.promised_at,
        late_minutes=5,
        hold_reason="parts",
        undecided=1,
        unfinished=1,
        parts_here=False,
        short=short,
    )


def test_people_are_called_as_the_newest_fact_of_their_account_says(shop):
    """A program that opens orders has no name."""
    order = shop.dispatched(shop.approved())
    fact = AccountRecorded(login="zhang", name="张伟", active=True, dealers=[])
    shop.desk.hear(fact, subject=derived_id("account", "zhang"), sequence=2, dealer=None)
    (item,) = shop.desk.ask(ListWorkOrders()).items
    assert (item.id, item.advisor_name, item.technician_name) == (order.id, None, "张伟")


@pytest.mark.new_database
def test_a_list_costs_the_same_with_any_history(shop):
    """Two thousand closed orders are not gone through to find the one there is, or that there is none."""
    order = shop.dispatched(shop.approved(labour=[labour()]))
    grow_orders(shop.desk, order, 2_000)
    there: list[dict[str, Any]] = [
        {"open": True},
        {"advisor": "wang", "open": True},
        {"technician": "zhang", "open": True},
        {"vehicle_id": VEHICLE.vehicle_id},
        {"number": "RO-2026-000001"},
        {"number": "RO-2026"},
        {"number": "1"},
        {"status": ["dispatched"]},
        {"in_shop": True},
        {"sort": "promised_at"},
        {"sort": "promised_at", "technician": "zhang", "status": ["dispatched"]},
    ]
    nobodys: list[dict[str, Any]] = [
        {"answered": True},
        {"advisor": "gone"},
        {"technician": "gone"},
        {"worked_on_by": "zhang"},
        {"number": "RO-2025"},
    ]
    for asked in (*there, *nobodys):
        reading = Reading(shop.desk, ListWorkOrders(**asked))
        assert (order.id in [one.id for one in reading.answer.items]) == (asked in there), asked
        assert reading.rows < 100, asked


def test_what_is_in_the_shop_comes_by_its_promise_and_what_has_none_last(shop):
    """Rule W22: by status, technician, promised time; page by page. What its customer has taken back is not in the shop."""
    shop.deliver(shop.ready())
    noon = shop.desk.clock.now()
    unpromised = shop.open()
    late, early = (
        shop.approve(shop.estimate(shop.quoted(shop.open()), promised_at=noon + timedelta(hours=hours))) for hours in (5, 2)
    )
    given = shop.dispatched(late, technician="chen")
    by_promise = {"sort": "promised_at"}
    assert listed(shop, **by_promise) == [early.id, late.id, unpromised.id]
    assert listed(shop, sort="-promised_at") == [unpromised.id, late.id, early.id]
    seen, cursor = [], None
    for _ in range(3):
        found = shop.desk.ask(ListWorkOrders(limit=1, cursor=cursor, **by_promise))
        seen, cursor = [*seen, *(one.id for one in found.items)], found.next_cursor
    assert (seen, cursor) == ([early.id, late.id, unpromised.id], None)
    assert listed(shop, **by_promise, technician="chen") == listed(shop, **by_promise, status=["dispatched"]) == [given.id]
    assert listed(shop, **by_promise, promised_from=noon + timedelta(hours=3)) == [late.id]
    assert listed(shop, in_shop=True, promised_from=early.promised_at, promised_before=late.promised_at) == [early.id]
    assert (len(listed(shop, in_shop=True)), len(listed(shop, in_shop=False))) == (3, 1)
    assert listed(shop, **by_promise, in_shop=False) == []
    assert listed(shop, **by_promise, promised=False) == [unpromised.id], "nobody was told a time for it"
    assert listed(shop, **by_promise, promised=True) == [early.id, late.id]
