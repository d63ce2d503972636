"""Rule W25: whether a fault was reproduced and who covers it; what is not determined is not billed to the manufacturer."""

import pytest

from chassis.wire.errors import Invalid, Refused
from contracts.workshop.agreement import ChangePayer
from contracts.workshop.order import AddLines, RecordJob
from tests.services.workshop.shop import Shop, labour


def test_a_job_says_whether_the_fault_was_found_and_what_the_customer_was_told(shop: Shop) -> None:
    order = shop.open()
    found = shop.desk.do(RecordJob(work_order_id=order.id, job=1, reproduced=True, coverage="undetermined", customer_told=True))
    [job] = found.jobs
    assert (job.reproduced, job.coverage, job.customer_told_at) == (True, "undetermined", shop.desk.clock.now())
    [same] = shop.desk.do(RecordJob(work_order_id=order.id, job=1, cause="worn")).jobs
    assert (same.reproduced, same.coverage, same.customer_told_at) == (True, "undetermined", job.customer_told_at)
    [other] = shop.desk.do(RecordJob(work_order_id=order.id, job=1, reproduced=False, coverage="covered")).jobs
    assert (other.reproduced, other.coverage, other.customer_told_at) == (False, "covered", None), "they were told otherwise"
    with pytest.raises(Invalid) as refusal:
        shop.desk.do(RecordJob(work_order_id=order.id, job=2, complaint="Noise", customer_told=True))
    assert list(refusal.value.details["errors"]) == ["customer_told"]


def test_what_is_undetermined_is_not_paid_by_warranty_until_it_is_determined(shop: Shop) -> None:
    """Not by a new line, not by a change of payer, and not at delivery."""
    order = shop.open()
    undetermined = RecordJob(work_order_id=order.id, job=1, coverage="undetermined")
    shop.desk.do(undetermined)
    with pytest.raises(Refused, match="coverage_undetermined"):
        shop.desk.do(AddLines(work_order_id=order.id, labour=[labour(payer="warranty")]))
    order = shop.approved(order, labour=[labour()])
    change = ChangePayer(
        work_order_id=order.id, line_id=order.lines[0].line_id, payer="warranty", reason="recall", authorised_by="boss"
    )
    with pytest.raises(Refused, match="coverage_undetermined"):
        shop.desk.do(change)
    shop.desk.do(RecordJob(work_order_id=order.id, job=1, coverage="covered"))
    shop.desk.do(change)
    shop.desk.do(undetermined)
    ready = shop.ready(shop.now(order))
    with pytest.raises(Refused, match="coverage_undetermined"):
        shop.deliver(ready)


def test_the_answer_that_a_delivery_waits_for_can_be_written_down_until_then_and_nothing_else(shop: Shop) -> None:
    """Rule W25: the manufacturer answers when the car is ready, too."""
    order = shop.approved(labour=[labour(payer="warranty")])
    shop.desk.do(RecordJob(work_order_id=order.id, job=1, coverage="undetermined"))
    ready = shop.ready(order)
    with pytest.raises(Refused, match="coverage_undetermined"):
        shop.deliver(ready)
    for more in ({"cause": "another"}, {"reproduced": True}, {"complaint": "another"}):
        with pytest.raises(Refused, match="not_in_this_status"):
            shop.desk.do(RecordJob(work_order_id=order.id, job=1, coverage="covered", **more))
    with pytest.raises(Refused, match="not_in_this_status"):
        shop.desk.do(RecordJob(work_order_id=order.id, job=2, complaint="Noise"))
    said = {"complaint": ready.jobs[0].complaint, "coverage": "covered", "customer_told": True}
    told = shop.desk.do(RecordJob(work_order_id=order.id, job=1, **said))
    assert (told.jobs[0].coverage, told.jobs[0].customer_told_at, told.status) == ("covered", shop.desk.clock.now(), "ready")
    assert shop.deliver(told).status == "delivered"


def test_what_is_not_covered_is_not_paid_by_warranty_and_the_lines_that_are_say_so(shop: Shop) -> None:
    """Three guarantees are the seller's debt by law, whatever the manufacturer says."""
    order = shop.approved(labour=[labour(payer="warranty"), labour("OIL")])
    assert order.jobs[0].payer_to_change == []
    refused = RecordJob(work_order_id=order.id, job=1, coverage="not_covered", customer_told=True)
    assert shop.desk.do(refused).jobs[0].payer_to_change == [1]
    other = shop.open()
    shop.desk.do(RecordJob(work_order_id=other.id, job=1, coverage="not_covered"))
    with pytest.raises(Refused, match="fault_not_covered"):
        shop.desk.do(AddLines(work_order_id=other.id, labour=[labour("OIL", payer="warranty")]))
    ready = shop.ready(shop.now(order))
    with pytest.raises(Refused, match="fault_not_covered") as told:
        shop.deliver(ready)
    assert told.value.details == {"job": 1}
    for payer in ("warranty", "three_guarantees"):
        change = ChangePayer(
            work_order_id=order.id, line_id=order.lines[0].line_id, payer=payer, reason="not covered", authorised_by="boss"
        )
        if payer == "warranty":
            with pytest.raises(Refused, match="fault_not_covered"):
                shop.desk.do(change)
        else:
            assert shop.desk.do(change).jobs[0].payer_to_change == []
