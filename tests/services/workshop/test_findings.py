"""Rule W3: what an inspection found is quoted in one call, and a red item of safety is quoted before the car passes."""

from dataclasses import replace

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.values import Quantity
from contracts.workshop.agreement import ApproveAdditionalWork, DeclineLines
from contracts.workshop.handing_over import MarkReady
from contracts.workshop.multi_point import (
    GetMultiPointInspections,
    MeasuredValue,
    ProposeFindings,
    RecordMeasurements,
)
from contracts.workshop.order import RemoveLine, WorkOrder
from contracts.workshop.shop_floor import CheckQuality, RequestQualityCheck, ReturnToWork
from tests.services.workshop.shop import Shop, signed
from tests.services.workshop.test_multi_point import battery, measured, pad, pictured, publish


def test_what_is_found_becomes_a_line_that_is_quoted_in_one_call_once(shop: Shop) -> None:
    publish(shop, pad(), battery())
    order = shop.approved()
    propose = ProposeFindings(work_order_id=order.id, template_code="MPI", item_codes=["PAD-F"])
    with pytest.raises(Invalid) as unknown:
        shop.desk.do(replace(propose, template_code="NONE"))
    assert unknown.value.details["errors"] == {"template_code": ["no_such_template"]}
    with pytest.raises(Refused, match="nothing_found"):
        shop.desk.do(propose)
    measured(shop, order, PAD_F="5", BATT="7")
    with pytest.raises(Refused, match="nothing_found"):
        shop.desk.do(propose)
    with pytest.raises(Refused, match="item_without_operation"):
        shop.desk.do(ProposeFindings(work_order_id=order.id, template_code="MPI", item_codes=["BATT"]))
    pictured(shop, order, "PAD-F")
    measured(shop, order, PAD_F="2")
    line = shop.desk.do(propose).lines[-1]
    assert (line.operation_code, line.state, line.safety) == ("BRAKE-F", "quoted", True)
    assert shop.desk.ask(GetMultiPointInspections(work_order_id=order.id)).inspections[0].items[0].line_id == line.line_id
    with pytest.raises(Refused, match="finding_proposed"):
        shop.desk.do(propose)


def proposing(order: WorkOrder, *items: str) -> ProposeFindings:
    return ProposeFindings(work_order_id=order.id, template_code="MPI", item_codes=list(items))


def declining(shop: Shop, order: WorkOrder, line: str, *, phone: bool = False) -> WorkOrder:
    decision = replace(signed(), means="phone", given_at=shop.desk.clock.now()) if phone else signed()
    return shop.desk.do(DeclineLines(work_order_id=order.id, line_ids=[line], reason="next time", decision=decision))


def test_no_car_is_checked_before_a_red_item_of_safety_was_quoted_and_it_is_declined_only_by_signature(shop: Shop) -> None:
    """Rule W3: told where it can still be quoted, when the car is sent on."""
    publish(shop, pad())
    order = shop.approved()
    pictured(shop, order, "PAD-F")
    measured(shop, order, PAD_F="1")
    with pytest.raises(Refused, match="safety_finding_open"):
        shop.ready(order)
    assert shop.now(order).status == "in_progress"
    line = shop.desk.do(proposing(order, "PAD-F")).lines[-1]
    shop.desk.do(RemoveLine(work_order_id=order.id, line_id=line.line_id), if_match=shop.now(order).version)
    line = shop.desk.do(proposing(order, "PAD-F")).lines[-1]
    with pytest.raises(Refused, match="safety_needs_signature"):
        declining(shop, order, line.line_id, phone=True)
    declining(shop, order, line.line_id)
    shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")
    shop.desk.do(CheckQuality(work_order_id=order.id, passed=True), actor="qin")
    assert shop.desk.do(MarkReady(work_order_id=order.id)).status == "ready"


def test_a_red_item_that_is_found_at_the_final_inspection_is_quoted_before_the_car_passes(shop: Shop) -> None:
    """Rule W3: nothing is signed as good that must go back to work; what is found after that holds the car."""
    publish(shop, pad())
    order = shop.approved()
    shop.worked(order)
    pictured(shop, order, "PAD-F")
    measured(shop, order, PAD_F="1")
    passing = CheckQuality(work_order_id=order.id, passed=True)
    with pytest.raises(Refused, match="safety_finding_open"):
        shop.desk.do(passing, actor="qin")
    measured(shop, order, PAD_F="5")
    shop.desk.do(passing, actor="qin")
    measured(shop, order, PAD_F="1")
    with pytest.raises(Refused, match="safety_finding_open"):
        shop.desk.do(MarkReady(work_order_id=order.id))
    shop.desk.do(ReturnToWork(work_order_id=order.id, reason="the pads"))
    assert shop.desk.do(proposing(order, "PAD-F")).lines[-1].state == "quoted"


@pytest.mark.parametrize("decided", ["quoted", "approved"])
def test_the_line_of_an_item_that_turns_red_is_of_safety_from_then_on(shop: Shop, decided: str) -> None:
    """Rule W3: an amber line that was put before the customer is declined by telephone no more once its item is red."""
    publish(shop, pad())
    order = shop.approved()
    measured(shop, order, PAD_F="3")
    line = shop.desk.do(proposing(order, "PAD-F")).lines[-1]
    assert not line.safety
    if decided == "approved":
        estimate = shop.now(order).estimate_version
        shop.desk.do(ApproveAdditionalWork(work_order_id=order.id, estimate_version=estimate, decision=signed()))
    pictured(shop, order, "PAD-F")
    version = shop.now(order).version
    measured(shop, order, PAD_F="2")
    line = shop.now(order).lines[-1]
    assert (line.state, line.safety, shop.now(order).version) == (decided, True, version + 1)
    measured(shop, order, PAD_F="1.5")
    assert shop.now(order).version == version + 1
    if decided == "quoted":
        with pytest.raises(Refused, match="safety_needs_signature"):
            declining(shop, order, line.line_id, phone=True)


def test_an_item_whose_line_was_declined_is_quoted_anew_in_one_call(shop: Shop) -> None:
    """Rules W3 and W8: a customer changes their mind; and what was amber when they declined it may be red by now."""
    publish(shop, pad())
    order = shop.approved()
    measured(shop, order, PAD_F="3")
    first = shop.desk.do(proposing(order, "PAD-F")).lines[-1]
    declining(shop, order, first.line_id, phone=True)
    pictured(shop, order, "PAD-F")
    measured(shop, order, PAD_F="1")
    assert not next(one for one in shop.now(order).lines if one.line_id == first.line_id).safety
    with pytest.raises(Refused, match="safety_finding_open"):
        shop.ready(order)
    assert to_propose(shop, order) == ["PAD-F"]
    found = shop.desk.do(proposing(order, "PAD-F"))
    again = found.lines[-1]
    assert (again.operation_code, again.safety, again.state, to_propose(shop, order)) == ("BRAKE-F", True, "quoted", [])
    shop.desk.do(ApproveAdditionalWork(work_order_id=order.id, estimate_version=found.estimate_version, decision=signed()))
    states = {one.line_id: one.state for one in shop.now(order).lines}
    assert (states[first.line_id], states[again.line_id]) == ("taken_up", "approved")
    with pytest.raises(Refused, match="finding_proposed"):
        shop.desk.do(proposing(order, "PAD-F"))


def to_propose(shop: Shop, order: WorkOrder) -> list[str]:
    found = shop.desk.ask(GetMultiPointInspections(work_order_id=order.id))
    return [one.item_code for one in found.to_propose]


def test_an_item_is_named_once_whether_it_is_measured_or_proposed(shop: Shop) -> None:
    """Rule W3: one finding is one line, and of two values of one item nobody knows which counts."""
    publish(shop, pad(), battery())
    order = shop.approved()
    twice = [MeasuredValue(item_code="PAD-F", value=Quantity.of(value)) for value in ("2", "6")]
    with pytest.raises(Invalid) as refused:
        shop.desk.do(RecordMeasurements(work_order_id=order.id, template_code="MPI", values=twice))
    assert refused.value.details["errors"] == {"values.1.item_code": ["named_twice"]}
    measured(shop, order, PAD_F="3", BATT="7")
    assert to_propose(shop, order) == ["PAD-F"], "an item without operation is proposed by hand"
    with pytest.raises(Invalid) as refused:
        shop.desk.do(proposing(order, "PAD-F", "PAD-F"))
    assert refused.value.details["errors"] == {"item_codes.1": ["named_twice"]}
    assert len(shop.now(order).lines) == len(order.lines)
