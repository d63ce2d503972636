"""Rule W3: an inspection by values - red, amber or green follows from the limits that the group publishes."""

from typing import Any

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.rules import rule
from chassis.wire.values import Quantity
from contracts.workshop.evidence import FileType, RecordAttachment, StoredFile
from contracts.workshop.lane import GetReceptionSettings, SetReceptionSettings
from contracts.workshop.multi_point import (
    GetMultiPointInspections,
    ListInspectionTemplates,
    MeasuredValue,
    MultiPointInspection,
    NewTemplate,
    PublishInspectionTemplates,
    RecordMeasurements,
    TemplateItem,
)
from contracts.workshop.order import WorkOrder
from services.workshop.multi_point.multi_point_inspection import judge
from tests.services.workshop.shop import Shop

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
