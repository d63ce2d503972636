"""Rule W3: an inspection by values - red, amber or green follows from the limits that the group publishes."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.rules import rule
from chassis.wire.values import Quantity
from contracts.workshop.agreement import ApproveAdditionalWork, DeclineLines
from contracts.workshop.evidence import FileType, RecordAttachment, StoredFile
from contracts.workshop.handing_over import MarkReady
from contracts.workshop.lane import GetReceptionSettings, SetReceptionSettings
from contracts.workshop.multi_point import (
    GetMultiPointInspections,
    ListInspectionTemplates,
    MeasuredValue,
    MultiPointInspection,
    NewTemplate,
    ProposeFindings,
    PublishInspectionTemplates,
    RecordMeasurements,
    TemplateItem,
)
from contracts.workshop.order import RemoveLine, WorkOrder
from contracts.workshop.shop_floor import CheckQuality, RequestQualityCheck, ReturnToWork
from services.workshop.multi_point.multi_point_inspection import judge
from tests.services.workshop.shop import Shop, signed

PAD = {"item_code": "PAD-F", "name_zh": "前制动片", "name_en": "Front brake pad", "unit": "mm"}
LIMITS = {"worse": "lower", "amber": Quantity.of("4"), "red": Quantity.of("2")}


def pad(**more: Any) -> TemplateItem:
    return TemplateItem(**{**PAD, **LIMITS, "safety": True, "operation_code": "BRAKE-F", **more})


def battery() -> TemplateItem:
    return TemplateItem(
        item_code="BATT",
        name_zh="蓄电池内阻",
        name_en="Battery resistance",
        unit="mΩ",
        worse="higher",
        amber=Quantity.of("6"),
        red=Quantity.of("8"),
    )


def publish(shop: Shop, *items: TemplateItem, code: str = "MPI") -> None:
    template = NewTemplate(template_code=code, name_zh="全车检测", name_en="Multi-point inspection", items=list(items))
    shop.desk.do(PublishInspectionTemplates(templates=[template]), dealer=None)


def measured(shop: Shop, order: WorkOrder, **values: str) -> MultiPointInspection:
    told = [MeasuredValue(item_code=code.replace("_", "-"), value=Quantity.of(value)) for code, value in values.items()]
    return shop.desk.do(RecordMeasurements(work_order_id=order.id, template_code="MPI", values=told), actor="zhang")


def pictured(shop: Shop, order: WorkOrder, item: str, content_type: FileType = "image/jpeg") -> None:
    """There is a photo of the item, or whatever else that is."""
    file = StoredFile(sha256=f"{abs(hash((item, content_type))):064x}"[-64:], content_type=content_type, size=1000)
    facts = {"kind": "finding", "name": "pad.jpg", "item": item, "file": file, "most_bytes": 1_000_000}
    shop.desk.do(RecordAttachment(work_order_id=order.id, **facts), actor="zhang")


def test_what_no_such_part_measures_is_not_taken(shop: Shop) -> None:
    """Rule W3: a pad of 400 mm is a slip, not a green finding; the limits are the template's."""
    publish(shop, pad(lowest=Quantity.of("0"), highest=Quantity.of("30")))
    order = shop.open()
    with pytest.raises(Invalid) as refused:
        measured(shop, order, PAD_F="30.1")
    too_thick = rule("above_the_limit", item_code="PAD-F", unit="mm", limit="30")
    assert refused.value.details["errors"] == {"values.0.value": [too_thick]}
    [item] = measured(shop, order, PAD_F="30").items
    assert item.finding == "green"
    with pytest.raises(Invalid) as wrong:
        publish(shop, pad(lowest=Quantity.of("5"), highest=Quantity.of("4")))
    assert list(wrong.value.details["errors"]) == ["templates.0.items.0.highest"]


@pytest.mark.parametrize(
    ("worse", "value", "finding"),
    [
        ("lower", "4.001", "green"),
        ("lower", "4", "amber"),
        ("lower", "2.001", "amber"),
        ("lower", "2", "red"),
        ("lower", "0", "red"),
        ("higher", "1.999", "green"),
        ("higher", "2", "amber"),
        ("higher", "3.999", "amber"),
        ("higher", "4", "red"),
    ],
)
def test_the_finding_follows_from_value_limits_and_direction(worse: Any, value: str, finding: str) -> None:
    limits = sorted((Quantity.of("4"), Quantity.of("2")), reverse=worse == "lower")
    assert judge(pad(worse=worse, amber=limits[0], red=limits[1]), Quantity.of(value)) == finding


def test_values_are_measured_and_measured_again_by_the_limits_it_began_with(shop: Shop) -> None:
    publish(shop, pad(), battery())
    order = shop.open()
    pictured(shop, order, "BATT")
    first = measured(shop, order, PAD_F="5", BATT="8")
    assert [(one.item_code, one.finding, one.measured_by) for one in first.items] == [
        ("PAD-F", "green", "zhang"),
        ("BATT", "red", "zhang"),
    ]
    publish(shop, pad(amber=Quantity.of("6")), battery())
    again = measured(shop, order, PAD_F="4.5")
    assert (again.items[0].finding, again.items[0].amber) == ("green", Quantity.of("4"))
    assert (again.edition, shop.desk.ask(ListInspectionTemplates()).items[0].edition) == (1, 2)
    told = shop.desk.ask(GetMultiPointInspections(work_order_id=order.id))
    assert ([one.id for one in told.inspections], [one.template_code for one in told.templates]) == ([first.id], ["MPI"])
    with pytest.raises(Invalid) as refusal:
        measured(shop, order, TYRE="1")
    assert list(refusal.value.details["errors"]) == ["values.0.item_code"]
    unknown = [MeasuredValue(item_code="PAD-F", value=Quantity.of("5"))]
    with pytest.raises(Invalid) as refusal:
        shop.desk.do(RecordMeasurements(work_order_id=order.id, template_code="NONE", values=unknown))
    assert refusal.value.details["errors"] == {"template_code": ["no_such_template"]}


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ([{"red": Quantity.of("5")}], "templates.0.items.0.red"),
        ([{"worse": "higher"}], "templates.0.items.0.red"),
        ([{"red": Quantity.of("4")}], "templates.0.items.0.red"),
        ([{}, {}], "templates.0.items.1.item_code"),
    ],
)
def test_a_template_with_limits_out_of_order_is_refused_whole(shop: Shop, items: list[dict[str, Any]], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        publish(shop, *(pad(**item) for item in items))
    assert list(refusal.value.details["errors"]) == [field]
    with pytest.raises(Refused, match="operation_unknown"):
        publish(shop, pad(operation_code="NONE"))
    assert shop.desk.ask(ListInspectionTemplates()).items == []


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


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"operation_code": None}, "operation_code"),
        ({"lowest": Quantity.of("3")}, "red"),
        ({"highest": Quantity.of("3")}, "amber"),
        ({"lowest": Quantity.of("5")}, "amber"),
    ],
)
def test_an_item_that_nobody_could_find_red_or_quote_is_not_published(shop: Shop, item: dict[str, Any], field: str) -> None:
    """Rule W3: limits are values that such a part measures; what is of safety has the operation that it is quoted as."""
    with pytest.raises(Invalid) as refused:
        publish(shop, pad(**item))
    assert list(refused.value.details["errors"]) == [f"templates.0.items.0.{field}"]
    publish(shop, pad(lowest=Quantity.of("2"), highest=Quantity.of("4")))
    publish(shop, pad(safety=False, operation_code=None))


def test_a_red_finding_is_refused_without_its_photo_or_video_unless_the_dealer_does_without(shop: Shop) -> None:
    """Rules W3 and W31: nothing of what was told is kept; a paper is no photo, nor is the photo of another item or order."""
    publish(shop, pad(), battery())
    order, other = shop.open(), shop.open()
    pictured(shop, other, "PAD-F")
    pictured(shop, order, "BATT")
    pictured(shop, order, "PAD-F", "application/pdf")
    with pytest.raises(Refused, match="red_finding_without_photo") as refusal:
        measured(shop, order, PAD_F="2", BATT="8")
    assert refusal.value.details["item_code"] == "PAD-F"
    assert shop.desk.ask(GetMultiPointInspections(work_order_id=order.id)).inspections == []
    pictured(shop, order, "PAD-F", "video/mp4")
    assert [one.finding for one in measured(shop, order, PAD_F="2", BATT="8").items] == ["red", "red"]
    shown = shop.desk.ask(GetMultiPointInspections(work_order_id=order.id)).photos
    assert [(one.item, one.medium) for one in shown] == [("PAD-F", "video"), ("PAD-F", "paper"), ("BATT", "photo")]
    known = shop.desk.ask(GetReceptionSettings())
    assert known.red_needs_photo
    shop.desk.do(SetReceptionSettings(red_needs_photo=False), if_match=known.version)
    third = shop.open()
    assert measured(shop, third, PAD_F="2").items[0].finding == "red"


def test_what_is_measured_below_nothing_has_limits_there(shop: Shop) -> None:
    """Rule W3: coolant freezes at -35 degrees, a wheel leans by -0.5."""
    limits = {"worse": "higher", "amber": Quantity.of("-25"), "red": Quantity.of("-15"), "lowest": Quantity.of("-80")}
    item = pad(item_code="COOLANT", unit="℃", safety=False, operation_code=None, **limits)
    template = NewTemplate(template_code="MPI", name_zh="全车检测", name_en="Multi-point inspection", items=[item])
    shop.desk.do(PublishInspectionTemplates.load(PublishInspectionTemplates(templates=[template]).dump()), dealer=None)
    order = shop.open()
    for value, finding in (("-35", "green"), ("-25", "amber"), ("-20.5", "amber")):
        told = MeasuredValue.load({"item_code": "COOLANT", "value": value})
        command = RecordMeasurements(work_order_id=order.id, template_code="MPI", values=[told])
        [found] = MultiPointInspection.load(shop.desk.do(command).dump()).items
        assert (found.finding, found.value) == (finding, Quantity.of(value))
    with pytest.raises(Invalid, match="below_the_limit"):
        measured(shop, order, COOLANT="-81")
