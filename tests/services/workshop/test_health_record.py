"""Rule W32: each closed order is handed once per revision to whoever takes health records; nobody is asked to where none does."""

import os
import re
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Event
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import select

from chassis.service.timekeeping import Errands
from chassis.store.tables import timer
from chassis.wire.errors import NotFound, Refused, SettingsError
from chassis.work.timers import set_timer
from contracts.parts.events import PriceEntry
from contracts.workshop import order_file as files
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.handing_over import ReverseDelivery
from contracts.workshop.health_record import HealthRecords, ListHealthRecords, ResendHealthRecord
from contracts.workshop.order import WorkOrder
from servicelane.health_record_sandbox import HealthRecordSandbox
from services.workshop.order_file import adapter
from services.workshop.order_file.health_record import HealthRecord
from services.workshop.service import WorkshopService
from tests.services.workshop.shop import CUSTOMER, VEHICLE, Shop, cny, labour, part
from tests.services.workshop.test_comeback import publish_operations
from tests.services.workshop.test_order_file import leaves, needs, papers

ALL_THAT_IS_TOLD = {
    *("schema_version", "business_key", "dealer", "work_order_id", "order_number", "revision", "vin", "plate", "mileage"),
    *("opened_at", "delivered_at", "left_at", "closed_at", "faults", "operations", "parts", "completion_certificate"),
    *("complaint", "cause", "correction", "description", "operation_code", "work_class", "hours", "part_number", "quantity"),
    "source",
}
"""No name, no number to call, no price."""
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[HealthRecordSandbox]:
    """A receiver that the process's setting names."""
    with HealthRecordSandbox() as started:
        monkeypatch.setenv("HEALTH_RECORD_URL", started.url)
        yield started


def closed(shop: Shop, order: WorkOrder | None = None) -> WorkOrder:
    """Delivered, and the car has left with a complete file."""
    left = leaves(shop, shop.deliver(shop.ready(order)))
    assert left.status == "closed"
    return left


def errands(shop: Shop) -> Errands:
    return Errands(shop.desk.executor, WorkshopService.errands())


def sends(shop: Shop) -> int:
    """What is due is sent; how many were."""
    sent, sender = 0, errands(shop)
    while sender.look(Event()):
        sent += 1
    return sent


def listed(shop: Shop, state: Any = None) -> HealthRecords:
    found: HealthRecords = shop.desk.ask(ListHealthRecords(record_state=state))
    return found


def timers(shop: Shop, name: str) -> list[datetime]:
    """When those with this name are due."""
    with shop.desk.executor.sessions() as session:
        return [row.due_at for row in session.execute(select(timer).where(timer.c.name == name))]


def concerns(shop: Shop) -> tuple[int, int]:
    """How many are unsent for too long, and how many were refused."""
    count = {one.kind: one.count for one in shop.desk.ask(FindWorkshopConcerns()).groups}
    return count["record_unsent"], count["record_refused"]


def test_a_closed_order_is_handed_over_once_with_what_was_done(shop: Shop, sandbox: HealthRecordSandbox) -> None:
    """Rule W32: VIN, plate, mileage, dates, faults, operations, parts with their source, certificate; no person, no price."""
    known = {"name_zh": "机油滤清器", "name_en": "oil filter", "unit": "pc"}
    shop.publish_prices(9, PriceEntry(part_number="15208AA21A", list_price=cny("68.00"), source="oem", **known))
    publish_operations(shop)
    words = {"description": "as Mr Wang wants it"}
    order = shop.approved(labour=[labour("ENGINE", **words)], parts=[part(**words)])
    ready = shop.certified(shop.ready(order))
    order = leaves(shop, shop.deliver(ready))
    assert [one.record_state for one in listed(shop).items] == ["due"]
    assert (sends(shop), listed(shop).items) == (1, [])
    [sent] = sandbox.records.values()
    assert sent["business_key"] == f"sh-pudong:{order.id}:1"
    assert (sent["vin"], sent["plate"], sent["mileage"]) == (VEHICLE.vin, order.vehicle.plate, 52_000)
    assert (sent["faults"][0]["complaint"], sent["operations"][0]["operation_code"]) == (order.jobs[0].complaint, "ENGINE")
    assert sent["operations"][0]["work_class"] == "overhaul"
    assert re.fullmatch(r"CC-\d{4}-\d{6}", sent["completion_certificate"])
    assert all(sent[one] for one in ("opened_at", "delivered_at", "left_at", "closed_at"))
    assert [(one["part_number"], one["quantity"]) for one in sent["parts"]] == [("PAD-1", "2.000")]
    told, [line] = str(sent), [line for line in order.lines if line.kind == "part"]
    assert not [
        one for one in (CUSTOMER.name, CUSTOMER.phone, line.amount.amount, order.advisor, "Wang") if one and str(one) in told
    ]
    assert {key for one in (sent, *sent["parts"], *sent["operations"], *sent["faults"]) for key in one} == ALL_THAT_IS_TOLD
    [taken] = listed(shop, "taken").items
    assert (taken.attempts, taken.answered_at, taken.revision) == (1, shop.desk.clock.now(), 1)
    leaves(shop, order)
    shop.desk.pass_time(hours=48)
    assert (sends(shop), len(sandbox.received)) == (0, 1)


def test_a_part_says_where_it_comes_from(shop: Shop, sandbox: HealthRecordSandbox) -> None:
    """As the price list says; nothing of what it has not said."""
    order = shop.approved()
    [number, *_] = [line.part_number for line in order.lines if line.kind == "part" and line.part_number]
    told = {"name_zh": "件", "name_en": "part", "unit": "pc", "list_price": cny("68.00")}
    shop.publish_prices(9, PriceEntry(part_number=number, source="aftermarket", **told))
    closed(shop, order)
    sends(shop)
    [sent] = sandbox.records.values()
    assert {one["part_number"]: one["source"] for one in sent["parts"]}[number] == "aftermarket"


def test_where_nobody_takes_records_nothing_is_due(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule W32: off by default, and the list says so; what is closed then is not sent later either."""
    closed(shop)
    shop.desk.pass_time(hours=48)
    assert (listed(shop).active, listed(shop).items, concerns(shop), sends(shop)) == (False, [], (0, 0), 0)
    monkeypatch.setenv("HEALTH_RECORD_URL", "ftp://records")
    with pytest.raises(SettingsError, match="HEALTH_RECORD_URL"):
        WorkshopService.check(shop.desk.executor.settings)


def test_no_answer_is_tried_again_later_and_later(shop: Shop, sandbox: HealthRecordSandbox) -> None:
    """Rule W32: after 1, 2, 4 … minutes, an hour at most; unsent after the dealer's hours it is a matter of attention."""
    sandbox.down = True
    closed(shop)
    assert sends(shop) == 1
    pauses = []
    for _ in range(8):
        waited = 0
        while not sends(shop):
            shop.desk.pass_time(minutes=1)
            waited += 1
        pauses.append(waited)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    [due] = listed(shop).items
    assert (due.record_state, due.attempts, due.reason, concerns(shop)) == ("due", 9, "HTTP 503", (0, 0))
    shop.desk.clock.set(due.closed_at + timedelta(hours=24) - MINUTE)
    assert concerns(shop) == (0, 0)
    shop.desk.pass_time(minutes=2)
    assert concerns(shop) == (1, 0)
    shop.desk.do(files.SetFileSettings(mandatory=["settlement"], record_hours=48))
    assert concerns(shop) == (0, 0)
    sandbox.down = False
    assert (sends(shop), listed(shop).items, len(sandbox.records)) == (1, [], 1)


def test_a_receiver_that_is_away_settles_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HEALTH_RECORD_URL", f"http://127.0.0.1:{taken.getsockname()[1]}/records")
        closed(shop)
        assert sends(shop) == 1
    [due] = listed(shop).items
    assert (due.record_state, due.reason) == ("due", "ConnectionRefusedError")


def test_what_is_refused_is_listed_with_its_reason_and_sent_again_by_hand(shop: Shop, sandbox: HealthRecordSandbox) -> None:
    """Rule W32: nobody sends it again by themselves; by hand, under the same key."""
    sandbox.refuse = {VEHICLE.vin: "车辆未备案"}
    order = closed(shop)
    sends(shop)
    shop.desk.pass_time(hours=48)
    assert (sends(shop), concerns(shop)) == (0, (0, 1))
    [refused] = listed(shop, "refused").items
    assert (refused.reason, refused.work_order_id) == ("车辆未备案", order.id)
    sandbox.refuse = {}
    again = shop.desk.do(ResendHealthRecord(record_id=refused.record_id))
    assert (again.record_state, again.reason, again.attempts) == ("due", None, 0)
    with pytest.raises(Refused, match="record_not_refused"):
        shop.desk.do(ResendHealthRecord(record_id=refused.record_id))
    assert (sends(shop), concerns(shop), len(sandbox.records)) == (1, (0, 0), 1)
    assert sandbox.received == [f"sh-pudong:{order.id}:1"] * 2


def test_who_dies_before_the_answer_is_written_down_repeats_it(shop: Shop, sandbox: HealthRecordSandbox) -> None:
    """Rule W32: the receiver has it once, by its key; the second answer (200) settles it."""
    closed(shop)
    rows = WorkshopService.errands()["send_health_record"]
    doomed = mock.Mock(side_effect=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        Errands(shop.desk.executor, {"send_health_record": type(rows)(rows.take, rows.run, doomed)}).look(Event())
    assert (len(sandbox.records), [one.record_state for one in listed(shop).items]) == (1, ["due"])
    assert sends(shop) == 0, "not before its time"
    shop.desk.pass_time(minutes=1)
    assert (sends(shop), listed(shop).items) == (1, [])
    assert (len(sandbox.records), len(sandbox.received)) == (1, 2)


def test_nothing_is_sent_within_a_transaction(shop: Shop, sandbox: HealthRecordSandbox) -> None:
    """The record is committed as taken before it is sent, and the next attempt set: others see both."""
    closed(shop)
    seen: list[Any] = []

    def look(document: Any) -> adapter.Answered:
        record = shop.desk.rows(lambda session: session.query(HealthRecord).one().attempts)
        seen.append((record, [one.due_at for one in shop.desk.executor.due_timers(9, ["send_health_record"])]))
        return adapter.Answered("taken")

    rows = WorkshopService.errands()["send_health_record"]
    Errands(shop.desk.executor, {"send_health_record": type(rows)(rows.take, look, rows.note)}).look(Event())
    assert seen == [(1, [])]


def test_an_order_that_waits_for_a_paper_is_handed_over_as_it_is_closed(shop: Shop, sandbox: HealthRecordSandbox) -> None:
    """Rules W15, W23: each closed order has one record, of the delivery that counts; nothing is reversed afterwards."""
    needs(shop, "walk_around")
    order = shop.deliver(shop.ready())
    shop.reverse(order)
    order = leaves(shop, shop.deliver(shop.now(order)))
    assert (order.status, listed(shop).items) == ("delivered", [])
    papers(shop, order)
    assert sends(shop) == 1
    assert list(sandbox.records) == [f"sh-pudong:{order.id}:2"]
    with pytest.raises(Refused):
        shop.desk.do(ReverseDelivery(work_order_id=order.id, reason="wrong car"), actor="boss")


@pytest.mark.parametrize("state", ["taken", "refused"])
def test_what_is_settled_is_not_sent_again_whatever_comes(shop: Shop, sandbox: HealthRecordSandbox, state: str) -> None:
    """Rule W32: the gate pass is heard of twice, its timer comes back with a backup: nothing is sent, and the record stays."""
    sandbox.refuse = {VEHICLE.vin: "车辆未备案"} if state == "refused" else {}
    order = closed(shop)
    assert (sends(shop), timers(shop, "send_health_record")) == (1, [])
    [record] = listed(shop, state).items
    leaves(shop, order, times=2)
    shop.desk.executor.run_for("sh-pudong", lambda work: set_timer(work, "send_health_record", record.record_id, work.now))
    assert (sends(shop), timers(shop, "send_health_record")) == (1, [])
    assert (listed(shop, state).items, len(sandbox.received)) == ([record], 1)


def test_what_the_receiver_has_heard_of_is_what_its_address_says_now(shop: Shop, sandbox: HealthRecordSandbox) -> None:
    """An operator who sets another address has everything that is due sent there, and what is taken stays taken."""
    closed(shop)
    sends(shop)
    sandbox.down = True
    closed(shop)
    sends(shop)
    with HealthRecordSandbox() as other, mock.patch.dict(os.environ, {"HEALTH_RECORD_URL": other.url}):
        shop.desk.pass_time(minutes=1)
        assert (sends(shop), len(other.records), len(sandbox.records)) == (1, 1, 1)
    assert (listed(shop).items, len(listed(shop, "taken").items)) == ([], 2)


def test_another_dealer_sees_none_of_it(shop: Shop, sandbox: HealthRecordSandbox) -> None:
    closed(shop)
    [mine] = listed(shop).items
    assert shop.desk.ask(ListHealthRecords(), dealer="bj-chaoyang").items == []
    with pytest.raises(NotFound):
        shop.desk.do(ResendHealthRecord(record_id=mine.record_id), dealer="bj-chaoyang")


def test_without_an_address_any_more_what_is_due_waits(shop: Shop, sandbox: HealthRecordSandbox) -> None:
    closed(shop)
    with mock.patch.dict(os.environ, {"HEALTH_RECORD_URL": ""}):
        assert (sends(shop), sends(shop), listed(shop).active) == (1, 0, False)
    shop.desk.pass_time(hours=1)
    assert (sends(shop), len(sandbox.records)) == (1, 1)
