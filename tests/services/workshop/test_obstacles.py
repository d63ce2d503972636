"""Rules W13 and W32: what is known to refuse a delivery is told before the customer signs, by the checks of the delivery."""

import pytest

from chassis.wire.errors import Refused
from contracts.workshop.agreement import ChangePayer
from contracts.workshop.delivery_time import SetDeliverySettings
from contracts.workshop.handing_over import GetSettlement, MarkReady, Obstacle
from contracts.workshop.order import NewLabour, RecordJob, WorkOrder
from contracts.workshop.promise import ExplainMiss
from contracts.workshop.road_test import AnswerTestDrive, ExplainComeback
from contracts.workshop.shop_floor import ReturnToWork
from gateway.http.problem_codes import refusals
from servicelane.refused_table import Source
from tests.services.workshop.shop import OF_WHAT_IS_SAID, Shop, labour, line_id
from tests.services.workshop.test_comeback import back, delivered, publish_operations
from tests.services.workshop.test_delivery_time import PEAK, at, hours

NAMESAKES = {"job_unknown", "too_many_lines", "valuables_not_mentioned", "walk_around_signed"}
"""What methods of others refuse that are called like one that a delivery uses: `append`, `sign`."""


def told(shop: Shop, order: WorkOrder) -> list[Obstacle]:
    return shop.desk.ask(GetSettlement(work_order_id=order.id)).obstacles


def refuses(shop: Shop, order: WorkOrder, code: str) -> Obstacle:
    """The delivery is refused with it, and it is the first that is told of it."""
    with pytest.raises(Refused, match=code):
        shop.deliver(order)
    return told(shop, order)[0]


def test_every_refusal_of_a_delivery_is_told_before_but_those_of_what_is_said_then() -> None:
    """As read from the source: a check that the delivery makes elsewhere would be no obstacle that is told."""
    obstacles = Source("services/workshop").codes(("services.workshop.handing_over.obstacle", "obstacles_to"))
    refused = {*refusals()["workshop.deliver_work_order"]} - NAMESAKES
    assert refused - {*obstacles} == {*OF_WHAT_IS_SAID}


def test_a_comeback_is_told_all_that_its_delivery_lacks(shop: Shop) -> None:
    """Rules W25, W26 and W32: until each is settled, one after the other; and nothing of a car that may go."""
    publish_operations(shop)
    delivered(shop, "ENGINE")
    order = shop.approved(back(shop), labour=[NewLabour(operation_code="ENGINE"), labour("BRAKE-F", payer="warranty")])
    assert told(shop, order)[0].code == "not_in_this_status"
    shop.desk.do(RecordJob(work_order_id=order.id, job=1, coverage="undetermined"))
    ready = shop.desk.do(MarkReady(work_order_id=shop.inspected(order).id))
    assert [one.code for one in told(shop, ready)] == [
        "not_checked_before_delivery",
        "test_drive_not_offered",
        "comeback_not_explained",
        "coverage_undetermined",
        "completion_not_certified",
    ]
    refuses(shop, ready, "not_checked_before_delivery")
    shop.checked(ready)
    refuses(shop, ready, "test_drive_not_offered")
    shop.desk.do(AnswerTestDrive(work_order_id=order.id, outcome="declined"))
    refuses(shop, ready, "comeback_not_explained")
    shop.desk.do(
        ExplainComeback(work_order_id=order.id, comeback_cause="part", original_technician="zhang", correction="another part")
    )
    assert refuses(shop, ready, "coverage_undetermined").job == 1
    shop.desk.do(RecordJob(work_order_id=order.id, job=1, coverage="covered"))
    refuses(shop, ready, "completion_not_certified")
    certified = shop.certified(ready)
    assert told(shop, certified) == []
    assert shop.deliver(certified).status == "delivered"
    assert told(shop, certified) == [], "what was signed has none"


def test_a_certificate_that_is_void_is_told_as_one_that_is_missing(shop: Shop) -> None:
    """Rule W32: the car went back to work since."""
    publish_operations(shop)
    order = shop.certified(shop.ready(shop.approved(labour=[labour("ENGINE")])))
    assert told(shop, order) == []
    back_to_work = ReturnToWork(work_order_id=order.id, reason="oil at the sump", rework_line_ids=[line_id(order, 1)])
    again = shop.ready(shop.desk.do(back_to_work))
    refuses(shop, again, "completion_not_certified")


def test_a_car_that_was_late_and_one_at_a_peak_are_told_with_the_times_that_matter(shop: Shop) -> None:
    """Rules W13 and W18."""
    publish_operations(shop)
    hours(shop)
    order = shop.approved(labour=[labour("ENGINE")])
    shop.desk.pass_time(hours=5)
    ready = shop.certified(shop.ready(order))
    late = refuses(shop, ready, "late_without_cause")
    assert (late.promised_at, late.ready_at) == (order.promised_at, shop.desk.clock.now())
    shop.desk.do(ExplainMiss(work_order_id=order.id, miss_cause="parts"))
    shop.desk.do(SetDeliverySettings(peaks=[PEAK]))
    shop.desk.clock.set(at("09:45"))
    assert refuses(shop, ready, "not_delivered_at_peak").possible_at == at("10:30")
    shop.desk.clock.set(at("10:31"))
    assert told(shop, ready) == []


def test_a_fault_that_is_not_covered_is_told_until_another_pays(shop: Shop) -> None:
    """Rule W25."""
    order = shop.approved(labour=[labour(payer="warranty")])
    shop.desk.do(RecordJob(work_order_id=order.id, job=1, coverage="not_covered"))
    ready = shop.ready(order)
    assert refuses(shop, ready, "fault_not_covered").job == 1
    line = ready.lines[0].line_id
    shop.desk.do(ChangePayer(work_order_id=order.id, line_id=line, payer="goodwill", reason="not covered", authorised_by="boss"))
    assert told(shop, ready) == []
