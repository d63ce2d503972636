"""Rule W27: instructions are pinned with their lines, painting names panel and area, recommendations come up again."""

from typing import Any

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.values import Hours
from contracts.workshop.agreement import DeclineLines, ProposeBookedWork
from contracts.workshop.declined_work import DismissDeclinedWork, ListDeclinedWork, ProposeDeclinedWork
from contracts.workshop.handing_over import GetSettlement
from contracts.workshop.instruction import GetWorkInstructions, LineInstruction
from contracts.workshop.order import WorkOrder
from contracts.workshop.pricing import ListOperations, OperationEntry, PublishOperations, WorkInstruction
from contracts.workshop.readiness import Recommendation
from contracts.workshop.readiness_events import WorkRecommended
from contracts.workshop.reception import OpenWorkOrder
from contracts.workshop.recommendation import RecommendWork
from tests.services.workshop.shop import CUSTOMER, VEHICLE, Shop, labour, signed

FIRST, SECOND = WorkInstruction(steps="Lift, drain, fill"), WorkInstruction(steps="Drain warm", link="https://x.example/oil.pdf")


def publish(shop: Shop, code: str = "OIL", **more: Any) -> None:
    entry = {"operation_code": code, "name_zh": code, "name_en": code, "hours": Hours.of("0.50")}
    shop.desk.do(PublishOperations(operations=[OperationEntry(**entry, **more)]), dealer=None)


def instructions(shop: Shop, order: WorkOrder) -> list[LineInstruction]:
    return list(shop.desk.ask(GetWorkInstructions(work_order_id=order.id)).items)


def test_a_line_keeps_the_instruction_that_it_was_added_with(shop: Shop) -> None:
    """Rule W27: a new text is a new version, for later lines; the same text published again is none."""
    publish(shop, instruction=FIRST)
    early = shop.quoted(shop.open(), labour=[labour("OIL"), labour("BRAKE-F")])
    assert [line.instruction_version for line in early.lines] == [1, None]
    publish(shop, instruction=FIRST)
    publish(shop, instruction=SECOND)
    publish(shop, instruction=SECOND)
    late = shop.quoted(shop.open(), labour=[labour("OIL")])
    assert late.lines[0].instruction_version == 2
    assert [(one.line_number, one.instruction_version, one.steps, one.link) for one in instructions(shop, early)] == [
        (1, 1, "Lift, drain, fill", None)
    ]
    assert [(one.steps, one.link) for one in instructions(shop, late)] == [(SECOND.steps, SECOND.link)]
    [oil] = [one for one in shop.desk.ask(ListOperations()).items if one.operation_code == "OIL"]
    assert oil.instruction == SECOND
    publish(shop)
    assert shop.quoted(shop.open(), labour=[labour("OIL")]).lines[0].instruction_version is None
    publish(shop, instruction=FIRST)
    assert shop.quoted(shop.open(), labour=[labour("OIL")]).lines[0].instruction_version == 3


def test_a_link_leads_to_a_page_and_nothing_else() -> None:
    for link in ("javascript:alert(1)", "ftp://x", "https://a b"):
        with pytest.raises(Invalid):
            WorkInstruction.load({"steps": "x", "link": link})


def test_painting_names_its_panel_and_its_area_and_other_work_neither(shop: Shop) -> None:
    """Rule W27: refused by field."""
    publish(shop, "PAINT", painting=True)
    for told, field in (({}, "panel"), ({"panel": "roof"}, "area_dm2"), ({"area_dm2": 40}, "panel")):
        with pytest.raises(Invalid) as invalid:
            shop.quoted(shop.open(), labour=[labour("OIL"), labour("PAINT", **told)])
        assert [*invalid.value.details["errors"]] == [f"labour.1.{field}"]
    with pytest.raises(Invalid) as invalid:
        shop.quoted(shop.open(), labour=[labour("OIL", panel="roof")])
    assert [*invalid.value.details["errors"]] == ["labour.0.panel"]
    [line] = shop.quoted(shop.open(), labour=[labour("PAINT", panel="roof", area_dm2=40)]).lines
    assert (line.panel, line.area_dm2) == ("roof", 40)


def test_painting_that_was_booked_is_put_on_the_order_by_hand(shop: Shop) -> None:
    publish(shop, "PAINT", painting=True)
    booked = shop.appointment(operations=["PAINT"])
    shop.arrive(booked)
    order = shop.desk.do(OpenWorkOrder(appointment_id=booked.appointment_id, confirm_second_order=True))
    terms = {"payment_method": "cash", "old_parts": "return_to_customer", "free_wash": False}
    with pytest.raises(Refused, match="painting_needs_panel"):
        shop.desk.do(ProposeBookedWork(work_order_id=order.id, payer="customer_pay", **terms))


def recommend(shop: Shop, order: WorkOrder, *said: Recommendation) -> WorkOrder:
    return shop.desk.do(RecommendWork(work_order_id=order.id, recommendations=list(said)), actor="tian")


REAR = Recommendation(description="Rear pads", reason="3 mm left", operation_code="BRAKE-F", safety=True)
WORDS = Recommendation(description="Keep an eye on the seal", reason="Damp")


def again(shop: Shop) -> list[Any]:
    return list(shop.desk.ask(ListDeclinedWork(vehicle_id=VEHICLE.vehicle_id)).items)


def test_what_is_recommended_stands_on_the_settlement_and_is_signed_with_it(shop: Shop) -> None:
    """Rule W27."""
    order = shop.approved(labour=[labour("OIL")])
    assert recommend(shop, order, REAR, WORDS).recommendations == [REAR, WORDS]
    assert [one.recommended_by for one in shop.desk.announced(WorkRecommended)] == ["tian"]
    recommend(shop, order, WORDS, REAR)
    order = shop.ready(order)
    shown = shop.desk.ask(GetSettlement(work_order_id=order.id))
    assert [one.description for one in shown.recommendations] == [WORDS.description, REAR.description]
    with pytest.raises(Refused, match="not_in_this_status"):
        recommend(shop, order)
    shop.deliver(order)
    kept = shop.desk.ask(GetSettlement(work_order_id=order.id))
    assert (kept.recommendations, kept.signature.verified) == ([WORDS, REAR], True)


def test_it_comes_up_again_like_declined_work_until_it_is_done_or_dismissed(shop: Shop) -> None:
    """Rules W27 and W8: one mechanism; of an operation it becomes a line in one step, words alone do not."""
    order = shop.approved(labour=[labour("OIL")])
    recommend(shop, order, REAR, WORDS)
    assert again(shop) == []
    shop.deliver(shop.ready(order))
    found = {one.description: one for one in again(shop)}
    assert {(one.description, one.origin, one.reason, one.safety) for one in found.values()} == {
        ("Rear pads", "recommended", "3 mm left", True),
        ("Keep an eye on the seal", "recommended", "Damp", False),
    }
    later = shop.quoted(shop.open(), labour=[labour("OIL")])
    later = shop.approve(later)
    with pytest.raises(Refused, match="recommended_in_words"):
        shop.desk.do(ProposeDeclinedWork(work_order_id=later.id, declined_work_ids=[found[WORDS.description].id]))
    later = shop.desk.do(ProposeDeclinedWork(work_order_id=later.id, declined_work_ids=[found["Rear pads"].id]))
    assert [(line.operation_code, line.safety) for line in later.lines][-1] == ("BRAKE-F", True)
    gone = DismissDeclinedWork(vehicle_id=VEHICLE.vehicle_id, declined_work_id=found[WORDS.description].id, reason="dry")
    assert [one.description for one in shop.desk.do(gone).items] == ["Rear pads"]


def test_what_was_recommended_and_done_in_the_same_visit_does_not_come_up_and_a_reversal_takes_all_back(shop: Shop) -> None:
    order = shop.approved(labour=[labour("OIL"), labour("BRAKE-F")])
    recommend(shop, order, REAR, WORDS)
    order = shop.deliver(shop.ready(order))
    assert [one.description for one in again(shop)] == [WORDS.description]
    shop.reverse(order)
    assert again(shop) == []


def test_an_operation_that_nobody_published_is_not_recommended(shop: Shop) -> None:
    order = shop.approved(labour=[labour("OIL")])
    with pytest.raises(Invalid) as invalid:
        recommend(shop, order, WORDS, Recommendation(description="x", reason="y", operation_code="NOSUCH"))
    assert [*invalid.value.details["errors"]] == ["recommendations.1.operation_code"]


def test_declined_painting_comes_back_with_its_panel_and_one_panel_is_not_another(shop: Shop) -> None:
    """Rules W27 and W8."""
    publish(shop, "PAINT", painting=True)
    panels = [labour("PAINT", panel=panel, area_dm2=40) for panel in ("roof", "bonnet")]
    order = shop.quoted(shop.open(), labour=[labour("OIL"), *panels])
    lines = [line.line_id for line in order.lines if line.panel]
    order = shop.desk.do(DeclineLines(work_order_id=order.id, line_ids=lines, reason="later", decision=signed()))
    shop.deliver(shop.ready(shop.approve(order)))
    assert {(one.panel, one.area_dm2, one.origin) for one in again(shop)} == {
        ("roof", 40, "declined"),
        ("bonnet", 40, "declined"),
    }
    later = shop.approved(labour=[labour("OIL")])
    [roof] = [one.id for one in again(shop) if one.panel == "roof"]
    later = shop.desk.do(ProposeDeclinedWork(work_order_id=later.id, declined_work_ids=[roof]))
    assert (later.lines[-1].panel, later.lines[-1].area_dm2, later.customer.customer_id) == ("roof", 40, CUSTOMER.customer_id)
