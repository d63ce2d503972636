"""Rule W28: final inspections by class of work, with values; a value out of its limit refuses the pass."""

import json
from importlib.resources import files
from typing import Any

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.values import Hours, Quantity
from contracts.workshop.equipment import RegisterEquipment
from contracts.workshop.final_inspection import ItemResult
from contracts.workshop.multi_point import (
    GetMultiPointInspections,
    ListInspectionTemplates,
    MeasuredValue,
    PublishInspectionTemplates,
    RecordMeasurements,
)
from contracts.workshop.order import WorkOrder
from contracts.workshop.pricing import OperationEntry, PublishOperations
from contracts.workshop.shop_floor import CheckQuality, Inspections, ListInspections, RequestQualityCheck, ReturnToWork
from tests.services.workshop.shop import Shop, labour, line_id, part
from tests.services.workshop.test_quality import handed_in

READY: list[dict[str, Any]] = json.loads((files("contracts.workshop") / "final_inspections.json").read_text("utf-8"))["templates"]


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """The group has published what it is given ready, and an operation of each class."""
    return publish_ready(shop)


def publish_ready(shop: Shop) -> Shop:
    """What it is given ready, and an operation of each class."""
    shop.desk.do(PublishInspectionTemplates.load({"templates": READY}), dealer=None)
    classes = {"SMALL": "minor", "SERVICE-2": "second_level", "ENGINE": "overhaul", "SERVICE-1": "first_level"}
    operations = [
        OperationEntry(operation_code=code, name_zh=code, name_en=code, hours=Hours.of("1.00"), work_class=work_class)
        for code, work_class in classes.items()
    ]
    shop.desk.do(PublishOperations(operations=operations), dealer=None)
    return shop


def car(shop: Shop, *codes: str) -> WorkOrder:
    """A car with such work, handed in."""
    return handed_in(shop, shop.dispatched(shop.approved(labour=[labour(code) for code in codes])))


def asked(shop: Shop, order: WorkOrder) -> Inspections:
    found: Inspections = shop.desk.ask(ListInspections(work_order_id=order.id))
    return found


GOOD = {"S08": "61", "S09": "20", "S11": "15", "S12": "1.6", "CYLINDERS": "4", "WEIGHT-GAIN": "3", "COLD-TRIES": "3"}
GOOD |= {"COLD-SECONDS": "5", "WARM-TRIES": "1", "CO-IDLE": "0.6", "HC-IDLE": "80", "SMOKE": "1.2"}


def results(shop: Shop, order: WorkOrder, fuel: str | None = None, **changed: Any) -> list[ItemResult]:
    """Everything as it should be, at the limit, but for what is changed; pressures as they are given, or all equal."""
    found = []
    for sheet in asked(shop, order).templates:
        for item in sheet.final_items:
            if item.fuel not in (None, fuel) or changed.get(item.item_code, "") is None:
                continue
            told = {"template_code": sheet.template_code, "item_code": item.item_code}
            if item.unit is None:
                found.append(ItemResult(**told, in_order=changed.get(item.item_code, True)))
            elif item.within_percent is not None:
                pressures = changed.get(item.item_code, ["12", "12", "12", "12"])
                found += [ItemResult(**told, value=Quantity.of(one)) for one in pressures]
            else:
                found.append(ItemResult(**told, value=Quantity.of(changed.get(item.item_code, GOOD.get(item.item_code)))))
    return found


def check(shop: Shop, order: WorkOrder, told: list[ItemResult], *, passed: bool = True, **more: Any) -> WorkOrder:
    verdict = {} if passed else {"findings": "no", "rework_cause": "workmanship", "rework_line_ids": [line_id(order, 1)]}
    return shop.desk.do(CheckQuality(work_order_id=order.id, passed=passed, results=told, **verdict, **more), actor="qin")


def refused(shop: Shop, order: WorkOrder, told: list[ItemResult], **more: Any) -> list[str]:
    with pytest.raises(Invalid) as invalid:
        check(shop, order, told, **more)
    return [*invalid.value.details["errors"]]


def test_second_level_maintenance_passes_with_its_sixteen_points(shop: Shop) -> None:
    """Rule W28: each point has its result, and a limit may be reached; what was found is kept with its limits."""
    order = car(shop, "SERVICE-2")
    [sheet] = asked(shop, order).templates
    assert (sheet.template_code, len(sheet.final_items)) == ("FI-SECOND", 16)
    assert refused(shop, order, []) == ["results"]
    told = results(shop, order)
    assert refused(shop, order, told[1:]) == ["results"]
    assert check(shop, order, told).quality_passed_by == "qin"
    [kept] = asked(shop, order).items[-1].sheets
    assert (kept.edition, len(kept.checked_items)) == (1, 16)
    tread = next(item for item in kept.checked_items if item.item_code == "S12")
    assert (tread.values, tread.lowest, tread.within_limits) == ([Quantity.of("1.6")], Quantity.of("1.6"), True)


@pytest.mark.parametrize(("item", "value"), [("S08", "59.9"), ("S11", "15.1"), ("S12", "1.5")])
def test_a_value_out_of_its_limit_refuses_the_pass_by_its_item(shop: Shop, item: str, value: str) -> None:
    order = car(shop, "SERVICE-2")
    told = results(shop, order, **{item: value})
    at = next(index for index, one in enumerate(told) if one.item_code == item)
    assert refused(shop, order, told) == [f"results.{at}.value"]
    order = check(shop, order, told, passed=False)
    assert order.status == "dispatched"
    kept = {one.item_code: one.within_limits for one in asked(shop, order).items[-1].sheets[0].checked_items}
    assert [code for code, within in kept.items() if not within] == [item]


def test_what_is_not_in_order_refuses_the_pass(shop: Shop) -> None:
    order = car(shop, "SMALL")
    told = results(shop, order, TIGHT=False)
    assert refused(shop, order, told) == [
        f"results.{next(at for at, one in enumerate(told) if one.item_code == 'TIGHT')}.in_order"
    ]
    assert check(shop, order, results(shop, order)).quality_passed_by == "qin"


def test_what_is_measured_and_cannot_be_nothing_has_a_least_value_in_every_template_that_is_given_ready() -> None:
    """Rule W28: nothing are only play, weight gained, and emissions."""
    may_be_nothing = {"S11", "WEIGHT-GAIN", "CO-IDLE", "HC-IDLE", "SMOKE"}
    items = [item for template in READY for item in template["final_items"] if "unit" in item]
    assert {item["item_code"] for item in items if not float(item.get("lowest", "0"))} == may_be_nothing
    assert [item["item_code"] for item in items if "highest" not in item] == []


def test_the_fuel_of_the_car_says_which_items_it_has(shop: Shop) -> None:
    order = car(shop, "ENGINE")
    assert refused(shop, order, results(shop, order)) == ["fuel"]
    foreign = results(shop, order, "diesel")
    assert all(name.endswith(".item_code") for name in refused(shop, order, foreign, fuel="petrol"))
    assert check(shop, order, results(shop, order, "other"), fuel="other").quality_passed_by == "qin"


def test_what_the_car_runs_on_is_said_once_and_stays(shop: Shop) -> None:
    """Rule W28: nobody passes it as another car, on this order or the next one; a check that fails puts it right."""
    order = car(shop, "ENGINE")
    check(shop, order, results(shop, order, "petrol"), fuel="petrol")
    assert asked(shop, order).fuel == "petrol"
    shop.desk.do(ReturnToWork(work_order_id=order.id, reason="a stain"))
    shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")
    later = car(shop, "ENGINE")
    for one in (order, later):
        assert refused(shop, one, results(shop, one, "other"), fuel="other") == ["fuel"]
    assert check(shop, later, results(shop, later, "petrol")).quality_passed_by == "qin", "what is known need not be said"
    assert asked(shop, later).items[-1].fuel == "petrol"
    wrong = car(shop, "ENGINE")
    check(shop, wrong, results(shop, wrong, "diesel"), fuel="diesel", passed=False)
    assert asked(shop, car(shop, "ENGINE")).fuel == "diesel"


def test_a_car_with_work_of_several_classes_is_inspected_by_the_template_of_each(shop: Shop) -> None:
    order = car(shop, "SMALL", "SERVICE-2", "SERVICE-1")
    assert [one.template_code for one in asked(shop, order).templates] == ["FI-MINOR", "FI-SECOND"]
    assert check(shop, order, results(shop, order)).quality_passed_by == "qin"
    assert asked(shop, car(shop, "SERVICE-1")).templates == []
    parts = handed_in(shop, shop.dispatched(shop.approved(parts=[part()])))
    assert check(shop, parts, []).quality_passed_by == "qin"


def test_a_value_names_its_gauge_once_the_dealer_has_one_and_an_overdue_one_takes_none(shop: Shop) -> None:
    """Rules W28 and W21."""
    order = car(shop, "SERVICE-2")
    gauge = {"kind": "gauge", "name": "Depth gauge", "units": ["mm"], "due_on": shop.desk.clock.now().date()}
    shop.desk.do(RegisterEquipment(code="G-1", **gauge))
    told = results(shop, order)
    at = next(index for index, one in enumerate(told) if one.item_code == "S12")
    assert refused(shop, order, told) == [f"results.{at}.gauge"]
    told[at] = ItemResult(**{**vars(told[at]), "gauge": "g-1"})
    shop.desk.pass_time(days=2)
    with pytest.raises(Refused, match="gauge_overdue"):
        check(shop, order, told)
    shop.desk.pass_time(days=-2)
    check(shop, order, told)
    tread = next(one for one in asked(shop, order).items[-1].sheets[0].checked_items if one.item_code == "S12")
    assert tread.gauges == ["G-1"]


def test_what_is_counted_or_worked_out_needs_no_gauge_and_neither_does_another_kind_of_per_cent(shop: Shop) -> None:
    """Rules W28 and W21: cylinders are counted, a gain of weight is worked out; an analyser is no brake tester."""
    gauge = {"kind": "gauge", "name": "Gauge", "due_on": shop.desk.clock.now().date()}
    units = ["%", "cyl", "tries"]
    shop.desk.do(RegisterEquipment(code="G-1", units=units, **gauge))
    order = car(shop, "ENGINE")
    assert check(shop, order, results(shop, order, "petrol"), fuel="petrol").quality_passed_by == "qin"
    shop.desk.do(RegisterEquipment(code="G-2", units=["% vol"], **gauge))
    later = car(shop, "ENGINE")
    told = results(shop, later, "petrol")
    at = next(index for index, one in enumerate(told) if one.item_code == "CO-IDLE")
    assert refused(shop, later, told) == [f"results.{at}.gauge"]


def test_a_result_is_of_an_item_and_each_has_one(shop: Shop) -> None:
    order = car(shop, "SMALL")
    told = results(shop, order)
    stray = ItemResult(template_code="FI-MINOR", item_code="NOSUCH", in_order=True)
    assert refused(shop, order, [*told, stray]) == ["results.5.item_code"]
    assert refused(shop, order, [*told, told[0]]) == ["results.5.item_code"]
    nothing = ItemResult(template_code="FI-MINOR", item_code="FAULT")
    assert refused(shop, order, [nothing, *told[1:]]) == ["results.0.in_order"]


def test_a_new_edition_is_what_the_next_pass_goes_by_and_what_was_signed_keeps_its_own(shop: Shop) -> None:
    order = car(shop, "SMALL")
    check(shop, order, results(shop, order))
    shop.desk.do(PublishInspectionTemplates.load({"templates": [READY[0]]}), dealer=None)
    later = car(shop, "SMALL")
    assert [one.edition for one in asked(shop, later).templates] == [2]
    assert [one.edition for one in asked(shop, order).items[-1].sheets] == [1]


def test_a_template_is_of_one_kind_and_can_be_judged(shop: Shop) -> None:
    """Rules W3 and W28: the group publishes both by one command; a final one is not measured by, and not listed for, W3."""

    def publish(*path: str, **wrong: Any) -> list[str]:
        template = json.loads(json.dumps(READY[1]))
        (template["final_items"][0] if path else template).update(wrong)
        with pytest.raises(Invalid) as invalid:
            shop.desk.do(PublishInspectionTemplates.load({"templates": [template]}), dealer=None)
        return [*invalid.value.details["errors"]]

    here = "templates.0"
    assert publish(work_classes=[]) == [f"{here}.work_classes"]
    assert publish(final_items=[]) == [f"{here}.final_items"]
    assert publish(purpose="multi_point") == [f"{here}.final_items"]
    assert publish("item", unit="mm") == [f"{here}.final_items.0.unit"]
    assert publish("item", highest="3") == [f"{here}.final_items.0.unit"]
    assert publish("item", unit="mm", lowest="4", highest="3") == [f"{here}.final_items.0.highest"]
    assert publish("item", unit="bar", within_percent=5) == [f"{here}.final_items.0.lowest"]
    assert publish("item", unit="bar", within_percent=5, lowest="0") == [f"{here}.final_items.0.lowest"]
    assert publish("item", item_code="S02") == [f"{here}.final_items.1.item_code"]
    assert publish("item", count_item="S08") == [f"{here}.final_items.0.count_item"]
    order = car(shop, "SMALL")
    assert shop.desk.ask(GetMultiPointInspections(work_order_id=order.id)).templates == []
    with pytest.raises(Invalid, match="no_such_template"):
        shop.desk.do(
            RecordMeasurements(
                work_order_id=order.id,
                template_code="FI-SECOND",
                values=[MeasuredValue(item_code="S08", value=Quantity.of("60"))],
            )
        )
    assert [one.purpose for one in shop.desk.ask(ListInspectionTemplates()).items] == ["final"] * 3
