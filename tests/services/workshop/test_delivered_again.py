"""Rule W15: a reversal holds for all of a delivery, and the car is delivered again as if the first had not been."""

from typing import Any

import pytest
from sqlalchemy import select

from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.custody import Custody, GetCustody
from contracts.workshop.damage import Damage
from contracts.workshop.declined_work import DismissDeclinedWork
from contracts.workshop.handing_over import MarkReady
from contracts.workshop.order import WorkOrder
from contracts.workshop.promise import ExplainMiss, GetPromise, MeasurePromises
from contracts.workshop.quality import MeasureQuality
from contracts.workshop.shop_floor import AcceptCar, ReturnToWork
from contracts.workshop.wash import GetWash
from services.workshop.order_file.health_record import HealthRecord
from tests.services.workshop import test_wash as washing
from tests.services.workshop.shop import VEHICLE, Shop, labour
from tests.services.workshop.test_comeback import publish_operations
from tests.services.workshop.test_declined_work import before, declined
from tests.services.workshop.test_health_record import listed
from tests.services.workshop.test_order_file import file_of, leaves, needs, papers
from tests.services.workshop.test_promise import at, put_and_approve
from tests.services.workshop.test_quality import final, walked_around
from tests.services.workshop.test_walk_around import passed, signed, walked


def reversed_later(shop: Shop, order: WorkOrder) -> WorkOrder:
    """Half an hour after the delivery it is seen that it was a mistake."""
    shop.desk.pass_time(minutes=30)
    found = shop.reverse(order)
    shop.desk.pass_time(minutes=30)
    return found


@pytest.mark.parametrize("kind", ["completion", "settlement", "gate_pass"])
def test_a_paper_of_a_delivery_that_was_reversed_stands_for_nothing_at_the_next_one(shop: Shop, kind: Any) -> None:
    """Rules W15, W23: it stays in the file and says so; closing is refused until the new one is there."""
    needs(shop, "completion")
    order = shop.deliver(shop.ready())
    papers(shop, order, kind)
    papers(shop, order, "decision")
    again = shop.deliver(reversed_later(shop, order))
    filed = {one.kind: one.reversed for one in file_of(shop, again).documents if one.means == "paper"}
    assert filed == {kind: True, "decision": False}, "the customer's decision is of the work, and stands"
    left = leaves(shop, again)
    assert (left.status, file_of(shop, left).missing) == ("delivered", ["completion"])
    closed = papers(shop, left, "completion")
    assert (closed.status, closed.missing) == ("closed", [])
    assert sorted(one.reversed for one in closed.documents if one.means == "paper") == [False, False, True]
    assert sorted(one.reversed for one in file_of(shop, left).documents if one.means == "paper") == [False, False, True]


def test_a_paper_that_is_filed_after_the_reversal_is_of_the_next_delivery(shop: Shop) -> None:
    """Rule W23: also before that delivery, and before the first one."""
    needs(shop, "completion")
    order = reversed_later(shop, shop.deliver(shop.ready()))
    papers(shop, order, "completion")
    assert leaves(shop, shop.deliver(order)).status == "closed"
    other = shop.ready()
    papers(shop, other, "completion")
    assert leaves(shop, shop.deliver(other)).status == "closed"


def held(shop: Shop, order: WorkOrder) -> dict[str, str | None]:
    kept: Custody = shop.desk.ask(GetCustody(work_order_id=order.id))
    return {one.thing: one.holder for one in kept.held if one.thing != "folder"}


def test_what_the_delivery_gave_back_is_with_whoever_had_it_again(shop: Shop) -> None:
    """Rules W15, W24: keys leave with the gate pass; who has them is always known, and the next delivery gives them back."""
    shop.desk.employ("li", "service_advisor")
    order = shop.open()
    signed(shop, walked(shop, order, service_book=True))
    passed(shop, order, "li", "keys")
    passed(shop, order, None, "service_book")
    order = shop.dispatched(shop.approved(shop.now(order)))
    shop.desk.do(AcceptCar(work_order_id=order.id), actor="zhang")
    order = shop.deliver(shop.ready(shop.now(order)))
    assert held(shop, order) == dict.fromkeys(("keys", "registration", "service_book"))
    again = reversed_later(shop, order)
    assert held(shop, again) == {"keys": "li", "registration": "wang", "service_book": None}
    last = shop.desk.ask(GetCustody(work_order_id=order.id)).hand_overs[-1]
    assert (last.given_by, last.reason) == (None, "wrong car")
    shop.deliver(again)
    assert held(shop, again) == dict.fromkeys(("keys", "registration", "service_book"))


def told_damaged(shop: Shop) -> list[str | None]:
    groups = shop.desk.ask(FindWorkshopConcerns()).groups
    return [one.work_order_id for group in groups if group.kind == "new_damage" for one in group.items]


def test_new_damage_is_told_again_until_the_next_delivery(shop: Shop) -> None:
    """Rules W11, W15."""
    order = walked_around(shop)
    order = final(shop, order, as_before=["left_front_door"], new_damages=[Damage(panel="roof", damage="scratch")])
    order = shop.checked(shop.desk.do(MarkReady(work_order_id=order.id)))
    order = shop.deliver(order)
    assert told_damaged(shop) == []
    again = reversed_later(shop, order)
    assert told_damaged(shop) == [order.id]
    shop.deliver(again)
    assert told_damaged(shop) == []


def test_what_was_declined_and_dismissed_meanwhile_is_not_proposed_again(shop: Shop) -> None:
    """Rules W8, W15: the customer has said that they do not want it, whatever became of the delivery."""
    quoted = shop.quoted(shop.open(), labour=[labour(), labour("OIL")])
    order = shop.deliver(shop.ready(shop.approve(declined(shop, quoted, 1))))
    [brakes] = before(shop, "sh-pudong")
    shop.desk.do(DismissDeclinedWork(vehicle_id=VEHICLE.vehicle_id, declined_work_id=brakes.id, reason="sold the car"))
    shop.deliver(reversed_later(shop, order))
    assert before(shop, "sh-pudong") == []


def test_a_car_was_on_time_when_it_was_ready_whichever_delivery_counts(shop: Shop) -> None:
    """Rules W15, W18: it counts once; the miss that was explained is, and one that comes of more work is asked about."""
    order = shop.deliver(shop.ready(put_and_approve(shop)))
    shop.desk.pass_time(hours=4)
    again = reversed_later(shop, order)
    again = shop.deliver(again)
    found = shop.desk.ask(MeasurePromises())
    assert (found.promised, found.on_time) == (1, 1), "late is what was ready late"
    back = reversed_later(shop, again)
    lines = [back.lines[0].line_id]
    shop.desk.do(ReturnToWork(work_order_id=back.id, reason="it squeals", rework_line_ids=lines))
    shop.desk.fire_timers()
    assert shop.desk.ask(MeasurePromises()).promised == 0, "not ready any more"
    ready = shop.ready(shop.now(back))
    assert shop.desk.ask(GetPromise(work_order_id=back.id)).missed
    shop.desk.do(ExplainMiss(work_order_id=back.id, miss_cause="other", note="delivered by mistake"))
    shop.deliver(ready)
    found = shop.desk.ask(MeasurePromises())
    assert (found.promised, found.late, [(one.miss_cause, one.count) for one in found.causes]) == (1, 1, [("other", 1)])
    assert shop.desk.ask(GetPromise(work_order_id=back.id)).first_promised_at == at("14:30")


def test_a_car_passed_at_the_first_time_once_whatever_its_deliveries(shop: Shop) -> None:
    """Rules W11, W15: neither the reversal nor what is done again counts as another car."""
    order = shop.deliver(shop.ready())
    back = reversed_later(shop, order)
    figures = shop.desk.ask(MeasureQuality()).total
    assert (figures.inspected, figures.passed_first_time, figures.reworked) == (1, 1, 0)
    lines = [line.line_id for line in back.lines if line.kind == "labour"]
    shop.desk.do(ReturnToWork(work_order_id=back.id, reason="it squeals", rework_line_ids=lines))
    shop.deliver(shop.ready(shop.now(back)))
    figures = shop.desk.ask(MeasureQuality()).total
    assert (figures.inspected, figures.passed_first_time) == (1, 1)


def test_one_health_record_is_due_of_the_delivery_that_counts(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules W15, W32: with the certificate of that delivery; of the other one nothing was ever due."""
    monkeypatch.setenv("HEALTH_RECORD_URL", "http://127.0.0.1:9/")
    publish_operations(shop)
    order = shop.deliver(shop.certified(shop.ready(shop.approved(labour=[labour("ENGINE")]))))
    again = shop.deliver(shop.certified(reversed_later(shop, order)))
    assert listed(shop).items == []
    assert leaves(shop, again).status == "closed"
    [due] = listed(shop).items
    [sent] = shop.desk.rows(lambda session: session.scalars(select(HealthRecord)).all())
    assert (due.revision, sent.document.completion_certificate) == (2, "CC-2026-000002")


def test_a_car_that_was_washed_is_delivered_again_without_another_wash(shop: Shop) -> None:
    """Rules W12, W15: it is clean; the sheet stays as it was signed."""
    order = washing.passed(shop, washing.to_check(shop, washing.wanted(shop)))
    done = washing.washed(shop, order)
    order = shop.deliver(shop.checked(washing.ready(shop, order)))
    again = shop.deliver(reversed_later(shop, order))
    found = shop.desk.ask(GetWash(work_order_id=order.id))
    assert (again.revision, found.state, found.signature, found.version) == (2, "done", done.signature, done.version)
