"""The foreman's board and a technician's own work: the floor as it is now (Rules W9, W22)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Hours
from contracts.parts.events import PartsReserved
from contracts.shared import PartRequest
from contracts.workshop import agreement, board
from contracts.workshop.finding import ListWorkOrders
from contracts.workshop.order import AddLines, VoidWorkOrder, WorkOrder
from contracts.workshop.pricing import SetWorkshopSettings
from contracts.workshop.shop_floor import HoldWorkOrder, ReturnToWork
from services.workshop.service import WorkshopService
from services.workshop.shop_floor import board as floor
from tests.services.desk import Desk
from tests.services.history import Reading, grow_orders
from tests.services.workshop.shop import Shop, cny, labour, line_id, part, signed, sublet


def shown(shop: Shop, **asking: Any) -> board.Board:
    return shop.desk.ask(board.GetBoard(), **asking)


def card(shop: Shop, order: WorkOrder) -> board.BoardOrder:
    """The order's card on the board."""
    return next(one for one in shown(shop).orders if one.id == order.id)


def mine(shop: Shop, technician: str = "zhang") -> board.MyWork:
    return shop.desk.ask(board.GetMyWork(), actor=technician)


def test_the_board_shows_every_car_until_the_customer_has_it_back(shop: Shop) -> None:
    opened, ready = shop.open(), shop.ready()
    shop.deliver(shop.ready())
    shop.desk.do(VoidWorkOrder(work_order_id=shop.open().id, reason="left"))
    assert {one.id: one.status for one in shown(shop).orders} == {opened.id: "open", ready.id: "ready"}
    assert shown(shop, dealer="bj-chaoyang").orders == []


def test_a_card_says_whose_car_it_is_and_how_it_stands(shop: Shop) -> None:
    shop.desk.employ("wang", "service_advisor")
    order = shop.dispatched(shop.approved())
    one = card(shop, order)
    assert (one.number, one.plate, one.make, one.model, one.customer_name) == (order.number, "沪A12345", "Volvo", "XC60", "Li Na")
    assert (one.advisor, one.advisor_name, one.technician, one.technician_name) == ("wang", "wang", "zhang", "zhang")
    assert (one.status, one.bay, one.dispatched_at, one.version) == ("dispatched", "B1", shop.desk.clock.now(), order.version)
    assert (one.complaint, one.vehicle_id, one.customer_id) == (
        "Brakes squeal",
        order.vehicle.vehicle_id,
        order.customer.customer_id,
    )


def test_a_card_shows_the_work_with_planned_and_clocked_time_and_who_is_at_it(shop: Shop) -> None:
    """Full minutes of each stretch; what runs now is told by when it began."""
    order = shop.dispatched(shop.approved(labour=[labour(), labour("OIL")], sublet=[sublet()], parts=[part()]))
    shop.clock_on(order, 1)
    shop.desk.pass_time(minutes=20, seconds=50)
    shop.clock_off(order, 1, done=False)
    shop.clock_on(order, 1, technician="chen")
    shop.desk.pass_time(minutes=10)
    shop.clock_off(order, 1, technician="chen", done=False)
    shop.clock_on(order, 1)
    began = shop.desk.clock.now()
    shop.desk.pass_time(minutes=5)
    brakes, oil, outside = card(shop, order).lines
    assert (brakes.description, brakes.hours, brakes.minutes, brakes.state) == ("更换前制动片", Hours.of("1.50"), 30, "approved")
    assert [(one.technician, one.technician_name, one.minutes, one.since) for one in brakes.times] == [
        ("zhang", "zhang", 20, began),
        ("chen", "chen", 10, None),
    ]
    assert (oil.number, oil.minutes, oil.times) == (2, 0, [])
    assert (outside.kind, outside.hours) == ("sublet", None)


def test_what_the_customer_did_not_want_is_no_work(shop: Shop) -> None:
    order = shop.quoted(shop.open(), labour=[labour(), labour("OIL")])
    shop.desk.do(agreement.DeclineLines(work_order_id=order.id, line_ids=[line_id(order, 2)], reason="later", decision=signed()))
    assert [(line.number, line.state) for line in card(shop, order).lines] == [(1, "quoted")]
    assert card(shop, order).undecided == 1


def test_a_card_says_what_the_car_waits_for(shop: Shop) -> None:
    order = shop.dispatched(shop.approved(parts=[part()], labour=[labour()]))
    shop.desk.do(HoldWorkOrder(work_order_id=order.id, reason="parts"))
    asked = [PartRequest(line_id=line.line_id, part_number=line.part_number, quantity=line.quantity) for line in order.lines[1:]]
    assert (card(shop, order).hold_reason, card(shop, order).parts_here, card(shop, order).unfinished) == ("parts", None, 1)
    shop.desk.hear(PartsReserved(work_order_id=order.id, reserved=[], short=asked), subject=order.id, sequence=1)
    assert (card(shop, order).parts_here, card(shop, order).short) == (False, asked)
    shop.desk.hear(PartsReserved(work_order_id=order.id, reserved=asked, short=[]), subject=order.id, sequence=2)
    assert (card(shop, order).parts_here, card(shop, order).short) == (True, [])


def test_a_car_is_late_until_it_is_ready(shop: Shop) -> None:
    """The minute that has begun counts; the promise is of four hours."""
    order = shop.approved(labour=[labour()])
    shop.desk.pass_time(hours=4)
    assert card(shop, order).late_minutes == 0
    shop.desk.pass_time(seconds=1)
    assert card(shop, order).late_minutes == 1
    shop.desk.pass_time(minutes=90)
    assert card(shop, order).late_minutes == 91
    shop.ready(order)
    assert card(shop, order).late_minutes == 0


def test_the_earliest_promise_comes_first_and_none_last(shop: Shop) -> None:
    later, none = shop.approved(), shop.open()
    sooner = shop.estimate(
        shop.desk.do(AddLines(work_order_id=shop.open().id, labour=[labour()])),
        promised_at=shop.desk.clock.now() + timedelta(hours=1),
    )
    assert [one.id for one in shown(shop).orders] == [sooner.id, later.id, none.id]


def test_tags_and_a_waiting_customer_come_from_the_appointment(shop: Shop) -> None:
    facts = shop.appointment(tags=["booked", "comeback"], waiting=True)
    shop.arrive(facts, visit=new_id())
    order = shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None)
    assert (card(shop, order).tags, card(shop, order).waiting) == (["booked", "comeback"], True)
    assert (card(shop, shop.open()).tags, card(shop, shop.open()).waiting) == ([], False)


def test_the_board_shows_every_technician_with_what_they_do_and_what_was_given_to_them(shop: Shop) -> None:
    """Who works at another dealer, or is locked, is not among them; whoever helps out is."""
    shop.desk.employ("li", "technician", at=("bj-chaoyang",))
    shop.desk.employ("gone", "technician", sequence=2, active=False)
    shop.desk.employ("clerk", "parts_clerk")
    first = shop.dispatched(shop.approved(labour=[labour(), labour("OIL")]))
    second = shop.dispatched(shop.approved(labour=[labour("OIL")]), bay="B2")
    shop.clock_on(first, 2)
    shop.clock_off(first, 2)
    shop.clock_on(first, 1, technician="helper")
    running = board.Running(work_order_id=first.id, line_id=line_id(first, 1), since=shop.desk.clock.now())
    assert shown(shop).technicians == [
        board.BoardTechnician(technician="chen", technician_name="chen", work_order_ids=[], hours_left=Hours.of("0")),
        board.BoardTechnician(technician="helper", running=running, work_order_ids=[], hours_left=Hours.of("0")),
        board.BoardTechnician(
            technician="zhang", technician_name="zhang", work_order_ids=[first.id, second.id], hours_left=Hours.of("2.00")
        ),
    ]


def test_the_embedded_mode_shows_the_same_board(open_embedded_desk: Callable[..., Desk]) -> None:
    """SQLite knows the dealer's technicians in its own words."""
    shop = Shop(open_embedded_desk(WorkshopService))
    shop.desk.employ("li", "technician", at=("bj-chaoyang",))
    shop.desk.employ("clerk", "parts_clerk")
    order = shop.clock_on(shop.dispatched(shop.approved(labour=[labour()])))
    assert [(who.technician, who.running is not None) for who in shown(shop).technicians] == [("chen", False), ("zhang", True)]
    assert (mine(shop).running.work_order_id, shown(shop).left_out) == (order.id, 0)
    assert [one.id for one in shop.desk.ask(ListWorkOrders(number="1", open=True, worked_on_by="zhang")).items] == [order.id]


def test_what_is_in_inspection_lies_on_nobody(shop: Shop) -> None:
    shop.inspected(shop.approved(labour=[labour()]))
    assert [(who.work_order_ids, who.hours_left) for who in shown(shop).technicians] == [([], Hours.of("0"))] * 2
    assert shown(shop).bays == []


def test_the_board_shows_the_dealers_bays_and_whose_car_stands_in_them(shop: Shop) -> None:
    rates = {"labour_rate": cny("180.00"), "call_threshold": cny("300.00")}
    shop.desk.do(SetWorkshopSettings(**rates))
    one, two = shop.dispatched(shop.approved(labour=[labour()])), shop.dispatched(shop.approved(labour=[labour()]), bay="LIFT")
    shop.clock_on(one)
    shop.desk.do(SetWorkshopSettings(**rates, bays=["B-2", "B-1"]))
    assert [(bay.bay, bay.listed, bay.occupied_by, bay.work_order_ids, bay.hours_left) for bay in shown(shop).bays] == [
        ("B-2", True, None, [], Hours.of("0")),
        ("B-1", True, one.id, [one.id], Hours.of("1.50")),
        ("LIFT", False, None, [two.id], Hours.of("1.50")),
    ]
    with pytest.raises(Invalid) as refused:
        shop.desk.do(SetWorkshopSettings(**rates, bays=["B1", "B2", "b-1"]))
    assert refused.value.details["errors"] == {"bays.2": ["named_twice"]}


def test_work_is_sent_to_a_bay_of_the_dealers_list_however_it_is_typed(shop: Shop) -> None:
    """Rule W9: one that is not on the list is refused by its field; it is called as the list calls it, and holds one car."""
    rates = {"labour_rate": cny("180.00"), "call_threshold": cny("300.00")}
    shop.desk.do(SetWorkshopSettings(**rates, bays=["B-1"]))
    one, two = shop.approved(labour=[labour()]), shop.approved(labour=[labour()])
    with pytest.raises(Invalid) as refused:
        shop.dispatched(one, bay="B2")
    assert refused.value.details["errors"] == {"bay": ["not_a_bay_of_the_dealer"]}
    assert shop.now(one).status == "open"
    one, two = shop.dispatched(one, bay="b1"), shop.dispatched(two, technician="chen", bay="B - 1")
    assert (one.bay, two.bay) == ("B-1", "B-1")
    shop.clock_on(one)
    with pytest.raises(Refused) as occupied:
        shop.clock_on(two, technician="chen")
    assert (occupied.value.code, occupied.value.details) == ("bay_occupied", {"name": "B-1", "work_order": one.number})


def test_a_board_that_is_too_full_keeps_what_is_in_work_and_says_what_it_left_out(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floor, "MOST_CARDS", 2)
    in_work = shop.clock_on(shop.dispatched(shop.approved(labour=[labour()])))
    for _ in range(3):
        shop.desk.pass_time(minutes=1)
        newest = shop.open()
    assert ({one.id for one in shown(shop).orders}, shown(shop).left_out) == ({in_work.id, newest.id}, 2)


def test_my_work_is_what_was_given_to_me_what_runs_first_and_what_waits_last(shop: Shop) -> None:
    waits, next_one, running = (shop.dispatched(shop.approved(labour=[labour()]), bay=bay) for bay in ("B1", "B2", "B3"))
    shop.dispatched(shop.approved(), technician="chen", bay="B4")
    shop.desk.do(HoldWorkOrder(work_order_id=waits.id, reason="approval"))
    assert mine(shop).running is None
    shop.clock_on(running)
    work = mine(shop)
    assert [one.id for one in work.orders] == [running.id, next_one.id, waits.id]
    assert work.running == board.Running(work_order_id=running.id, line_id=line_id(running, 1), since=shop.desk.clock.now())
    shop.clock_off(running, done=False)
    shop.inspected(next_one)
    assert next_one.id not in [one.id for one in mine(shop).orders]


def test_my_work_says_where_a_car_is_that_was_handed_in(shop: Shop) -> None:
    """In the final inspection or ready it is nobody's work; whose it was sees it until the customer accepts it."""
    order = shop.inspected(shop.approved())
    assert ([card.id for card in mine(shop).handed_in], mine(shop).orders) == ([order.id], [])
    assert mine(shop, "chen").handed_in == []
    shop.desk.do(ReturnToWork(work_order_id=order.id, reason="noise"))
    assert ([card.id for card in mine(shop).orders], mine(shop).handed_in) == ([order.id], [])


def test_my_work_has_the_order_i_help_out_on(shop: Shop) -> None:
    order = shop.dispatched(shop.approved(labour=[labour()]))
    assert mine(shop, "chen").orders == []
    shop.clock_on(order, technician="chen")
    assert ([one.id for one in mine(shop, "chen").orders], mine(shop, "chen").running.line_id) == ([order.id], line_id(order, 1))


def test_what_a_tablet_tells_afterwards_is_on_the_board_from_when_it_was(shop: Shop) -> None:
    order = shop.dispatched(shop.approved(labour=[labour()]))
    noon = shop.desk.clock.now()
    shop.desk.pass_time(hours=1)
    shop.clock_on(order, occurred_at=noon + timedelta(minutes=5))
    assert shown(shop).technicians[1].running.since == noon + timedelta(minutes=5)
    shop.clock_off(order, done=False, occurred_at=noon + timedelta(minutes=25))
    assert card(shop, order).lines[0].minutes == 20


@pytest.mark.new_database
def test_neither_more_cars_nor_more_history_make_the_board_ask_more(shop: Shop) -> None:
    """Two thousand closed orders are not looked at; a car on the floor takes no statement of its own."""
    order = shop.dispatched(shop.approved(labour=[labour()]))
    shop.clock_on(order)
    asked = board.GetBoard(), board.GetMyWork()
    before = [Reading(shop.desk, query, actor="zhang") for query in asked]
    for bay in ("B2", "B3", "B4"):
        shop.dispatched(shop.approved(labour=[labour()]), bay=bay)
    grow_orders(shop.desk, order, 2_000)
    for query, one in zip(asked, before, strict=True):
        reading = Reading(shop.desk, query, actor="zhang")
        assert (len(one.answer.orders), len(reading.answer.orders)) == (1, 4)
        assert reading.statements == one.statements <= 15
        assert reading.rows < 100
