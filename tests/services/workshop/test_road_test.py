"""Rule W26: road tests, the customer's test drive after a comeback or an intermittent fault, and what a comeback came from."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from chassis.wire.errors import Invalid, NotYetKnown, Refused
from contracts.workshop import road_test
from contracts.workshop.order import OverruleComeback, RecordJob, WorkOrder
from contracts.workshop.readiness_events import ComebackExplained, RoadTested
from contracts.workshop.shop_floor import RequestQualityCheck
from services.workshop.order.road_test import RoadTest
from tests.services.workshop.shop import DEALER, Shop, labour, line_id, part
from tests.services.workshop.test_comeback import delivered, publish_operations

DRIVE = {"route": "Ring road", "mileage_before": 52_000, "mileage_after": 52_006}


def ready_comeback(shop: Shop) -> WorkOrder:
    """Brakes that were done here come back, are done again, and the car is checked before its customer is told."""
    publish_operations(shop)
    delivered(shop, "BRAKE-F")
    shop.desk.pass_time(days=1)
    again = shop.approved(shop.open(), labour=[labour("BRAKE-F", payer="internal")])
    return shop.ready(again)


def say(shop: Shop, order: WorkOrder, outcome: str, **more: Any) -> WorkOrder:
    drive = {} if outcome == "declined" else DRIVE
    return shop.desk.do(road_test.AnswerTestDrive(work_order_id=order.id, outcome=outcome, **{**drive, **more}))


def explain(shop: Shop, order: WorkOrder, **more: Any) -> WorkOrder:
    told = {"comeback_cause": "workmanship", "original_technician": "zhang", "correction": "torque again", **more}
    return shop.desk.do(road_test.ExplainComeback(work_order_id=order.id, **told), actor="boss")


def test_a_comeback_is_delivered_when_its_customer_was_offered_a_test_drive_and_its_cause_is_known(shop: Shop) -> None:
    order = ready_comeback(shop)
    assert shop.desk.ask(road_test.GetRoadTests(work_order_id=order.id)).to_offer
    with pytest.raises(Refused, match="test_drive_not_offered"):
        shop.deliver(order, mileage=52_010)
    driven = say(shop, order, "fixed")
    assert (driven.test_drive, driven.status) == ("fixed", "ready")
    with pytest.raises(Refused, match="comeback_not_explained"):
        shop.deliver(order, mileage=52_010)
    explain(shop, order, comeback_cause="part")
    sheet = explain(shop, order).comeback.sheet
    assert (sheet.comeback_cause, sheet.original_technician, sheet.correction) == ("workmanship", "zhang", "torque again")
    assert (sheet.recorded_by, sheet.recorded_at) == ("boss", shop.desk.clock.now())
    assert [one.sheet.comeback_cause for one in shop.desk.announced(ComebackExplained)] == ["part", "workmanship"]
    done = shop.deliver(order, mileage=52_010)
    assert (done.status, done.comeback.sheet) == ("delivered", sheet)
    with pytest.raises(Refused, match="not_in_this_status"):
        explain(shop, order)


def test_what_is_not_fixed_goes_back_as_rework_and_the_customer_is_asked_again(shop: Shop) -> None:
    order = ready_comeback(shop)
    with pytest.raises(Invalid) as nothing_said:
        say(shop, order, "not_fixed")
    assert list(nothing_said.value.details["errors"]) == ["findings"]
    back = say(shop, order, "not_fixed", findings="still squeals", rework_line_ids=[line_id(order, 1)])
    assert (back.status, back.rework_count, back.test_drive, back.pre_delivery) == ("dispatched", 1, None, None)
    assert [line.done_at for line in back.lines] == [None]
    again = shop.ready(order)
    with pytest.raises(Refused, match="test_drive_not_offered"):
        shop.deliver(again, mileage=52_010)
    explain(shop, order)
    assert say(shop, again, "declined").test_drive == "declined"
    assert shop.deliver(again, mileage=52_010).status == "delivered"
    drives = shop.desk.ask(road_test.GetRoadTests(work_order_id=order.id))
    assert [(one.outcome, one.driven_by, one.findings) for one in drives.items] == [
        ("not_fixed", order.customer.name, "still squeals"),
        ("declined", None, None),
    ]
    assert not drives.to_offer


def test_a_fault_that_did_not_show_itself_is_tried_by_the_customer_and_another_car_is_not(shop: Shop) -> None:
    """An intermittent fault: no comeback sheet is asked for."""
    order = shop.approved()
    shop.desk.do(RecordJob(work_order_id=order.id, job=1, reproduced=False))
    ready = shop.ready(order)
    with pytest.raises(Refused, match="test_drive_not_offered"):
        shop.deliver(ready, mileage=52_010)
    say(shop, ready, "fixed")
    assert shop.deliver(ready, mileage=52_010).status == "delivered"
    assert shop.deliver(shop.ready(), mileage=52_010).status == "delivered"


def test_a_comeback_that_was_overruled_needs_neither(shop: Shop) -> None:
    order = ready_comeback(shop)
    shop.desk.do(OverruleComeback(work_order_id=order.id, reason="another noise"), actor="boss")
    with pytest.raises(Refused, match="no_comeback"):
        explain(shop, order)
    assert shop.deliver(order, mileage=52_010).status == "delivered"


def test_only_who_may_drive_a_customers_car_is_named_on_a_road_test(shop: Shop) -> None:
    """Rule W26: a technician, not the parts clerk; and nobody of whom nobody has heard."""
    shop.desk.employ("lu", "parts_clerk")
    order = shop.clock_on(shop.dispatched(shop.approved()))
    with pytest.raises(Refused) as refused:
        shop.desk.do(road_test.RecordRoadTest(work_order_id=order.id, driven_by="lu", findings="quiet", **DRIVE))
    assert (refused.value.code, refused.value.details) == ("may_not_drive", {"field": "driven_by", "name": "lu"})
    with pytest.raises(NotYetKnown):
        shop.desk.do(road_test.RecordRoadTest(work_order_id=order.id, driven_by="nobody", findings="quiet", **DRIVE))
    drivers = shop.desk.ask(road_test.GetRoadTests(work_order_id=order.id)).drivers
    assert "zhang" in {one.login for one in drivers}
    assert "lu" not in {one.login for one in drivers}


def test_what_the_odometer_showed_after_a_drive_is_known_at_the_delivery(shop: Shop) -> None:
    """Rules W13, W26: a car is not delivered with fewer kilometres than it came back with; its customer's drive counts, too."""
    order = shop.ready()
    told = {"work_order_id": order.id, "driven_by": "zhang", "findings": "quiet", **DRIVE}
    shop.desk.do(road_test.RecordRoadTest(**told))
    with pytest.raises(Refused, match="mileage_went_back") as refused:
        shop.deliver(order, mileage=52_005)
    assert refused.value.details["known"] == 52_006
    say(shop, order, "fixed", mileage_before=52_006, mileage_after=52_009)
    with pytest.raises(Refused, match="mileage_went_back"):
        shop.deliver(order, mileage=52_008)
    assert shop.deliver(order, mileage=52_009).mileage == 52_009


def test_an_odometer_that_jumps_on_a_drive_wants_a_reason(shop: Shop) -> None:
    """Rule W26: far beyond the last reading, or beyond any drive."""
    shop.deliver(shop.ready())
    order = shop.clock_on(shop.dispatched(shop.approved()))
    told = {"work_order_id": order.id, "route": "Ring road", "driven_by": "zhang", "findings": "quiet"}
    wrong = ((52_000, 122_000, "mileage_after"), (100, 110, "mileage_before"), (99_000, 99_001, "mileage_before"))
    for before, after, field in wrong:
        drive = road_test.RecordRoadTest(**told, mileage_before=before, mileage_after=after)
        with pytest.raises(Refused, match="mileage_") as refused:
            shop.desk.do(drive)
        assert refused.value.details["field"] == field
        assert shop.desk.do(replace(drive, mileage_reason="new cluster")).items[-1].mileage_reason == "new cluster"


def test_what_is_not_fixed_names_the_line_that_is_done_again(shop: Shop) -> None:
    """Rule W26: nothing goes back to the shop only to be inspected once more."""
    order = ready_comeback(shop)
    with pytest.raises(Invalid) as refused:
        say(shop, order, "not_fixed", findings="still squeals")
    assert refused.value.details["errors"] == {"rework_line_ids": ["needs_line_to_redo"]}
    back = say(shop, order, "not_fixed", findings="still squeals", rework_line_ids=[line_id(order, 1)])
    assert [line.done_at is None for line in back.lines if line.number == 1] == [True]
    with pytest.raises(Refused, match="line_not_done"):
        shop.desk.do(RequestQualityCheck(work_order_id=order.id))


def test_who_did_the_work_here_is_somebody_of_the_workshop(shop: Shop) -> None:
    """Rule W26: nobody invents the original technician."""
    shop.desk.employ("lu", "parts_clerk")
    order = ready_comeback(shop)
    told = {"work_order_id": order.id, "comeback_cause": "workmanship", "correction": "torque again"}
    with pytest.raises(NotYetKnown):
        shop.desk.do(road_test.ExplainComeback(**told, original_technician="nobody"))
    with pytest.raises(Refused, match="not_a_technician"):
        shop.desk.do(road_test.ExplainComeback(**told, original_technician="lu"))


def test_a_road_test_says_route_driver_odometer_and_findings_and_is_never_changed(shop: Shop) -> None:
    order = shop.clock_on(shop.dispatched(shop.approved()))
    told = road_test.RecordRoadTest(work_order_id=order.id, driven_by="zhang", findings="quiet", **DRIVE)
    [one] = shop.desk.do(told, actor="qin").items
    assert (one.route, one.driven_by, one.mileage_before, one.mileage_after) == ("Ring road", "zhang", 52_000, 52_006)
    assert (one.findings, one.outcome, one.recorded_by) == ("quiet", None, "qin")
    assert [fact.mileage_after for fact in shop.desk.announced(RoadTested)] == [52_006]
    backwards = {**DRIVE, "mileage_after": 51_999}
    with pytest.raises(Invalid) as refusal:
        shop.desk.do(road_test.RecordRoadTest(work_order_id=order.id, driven_by="zhang", findings="quiet", **backwards))
    assert list(refusal.value.details["errors"]) == ["mileage_after"]
    with pytest.raises(Refused, match="not_in_this_status"):
        shop.desk.do(road_test.RecordRoadTest(work_order_id=shop.open().id, driven_by="zhang", findings="quiet", **DRIVE))

    def alter(session: Any) -> None:
        session.execute(RoadTest.__table__.update().values(findings="loud"))

    with pytest.raises(DatabaseError, match="never changed or deleted"):
        shop.desk.rows(alter, dealer=DEALER)


def test_a_drive_has_its_route_and_odometer_and_none_is_before_the_car_is_ready(shop: Shop) -> None:
    order = ready_comeback(shop)
    with pytest.raises(Invalid) as refusal:
        say(shop, order, "fixed", route=None, mileage_after=None)
    assert sorted(refusal.value.details["errors"]) == ["mileage_after", "route"]
    with pytest.raises(Invalid) as redo:
        say(shop, order, "fixed", rework_line_ids=[line_id(order, 1)])
    assert list(redo.value.details["errors"]) == ["rework_line_ids"]
    early = shop.dispatched(shop.approved(parts=[part()]))
    with pytest.raises(Refused, match="not_in_this_status"):
        say(shop, early, "declined")
