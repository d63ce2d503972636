"""What a customer sees of their order by its link: in their words, and nothing that is not theirs (Rule W17)."""

from datetime import timedelta

from contracts.workshop import shop_floor, wash
from contracts.workshop.agreement import DeclineLines
from contracts.workshop.handing_over import MarkReady
from contracts.workshop.multi_point import ProposeFindings
from contracts.workshop.order import AddLines, RecordJob
from contracts.workshop.shop_floor import CheckQuality, HoldWorkOrder, RequestQualityCheck
from tests.services.workshop.shop import Shop, labour, line_id, part, signed
from tests.services.workshop.test_delivery_time import at, books, hours
from tests.services.workshop.test_multi_point import battery, measured, pad, pictured, publish
from tests.services.workshop.test_signing_link import propose
from tests.services.workshop.visitors import Visitor, visitor


def stage(comes: Visitor) -> str:
    return comes.sees().stage


def way(comes: Visitor) -> dict[str, str]:
    return {one.step: one.state for one in comes.sees().steps}


def test_the_stages_of_a_visit_in_the_customers_words(shop: Shop) -> None:
    """Rule W17: from the reception to the hand-over, each as the customer would say it."""
    order = shop.open()
    comes, _ = visitor(shop, order)
    seen = [stage(comes)]
    shop.desk.do(AddLines(work_order_id=order.id, labour=[labour()]))
    seen.append(stage(comes))
    order = shop.estimate(order, free_wash=True)
    seen.append(stage(comes))
    order = shop.approve(order)
    seen.append(stage(comes))
    order = shop.dispatched(order)
    shop.clock_on(order)
    seen.append(stage(comes))
    shop.desk.pass_time(minutes=5)
    shop.clock_off(order, done=False)
    for reason in ("parts", "warranty_authorisation", "sublet"):
        shop.desk.do(HoldWorkOrder(work_order_id=order.id, reason=reason))
        seen.append(stage(comes))
        shop.desk.do(shop_floor.ResumeWorkOrder(work_order_id=order.id))
    seen.append(stage(comes))
    shop.clock_on(order)
    shop.clock_off(order)
    shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")
    seen.append(stage(comes))
    shop.desk.do(CheckQuality(work_order_id=order.id, passed=True), actor="qin")
    shop.desk.do(wash.BeginWash(work_order_id=order.id), actor="he")
    seen.append(stage(comes))
    assert way(comes)["quality_check"] == "done"
    shop.desk.do(wash.EndWash(work_order_id=order.id, parking_place="P-1"), actor="he")
    shop.desk.do(MarkReady(work_order_id=order.id))
    assert (stage(comes), way(comes)["washing"], way(comes)["ready"]) == ("quality_check", "done", "to_come"), "W13"
    shop.checked(order)
    seen.append(stage(comes))
    shop.deliver(order)
    seen.append(stage(comes))
    assert seen == [
        "received",
        "looked_at",
        "waiting_for_answer",
        "planned",
        "in_repair",
        "waiting_for_parts",
        "waiting_for_manufacturer",
        "at_specialist",
        "in_repair",
        "quality_check",
        "washing",
        "ready",
        "handed_over",
    ]
    assert set(way(comes).values()) == {"done"}


def test_while_something_else_is_worked_on_a_question_does_not_stop_the_way(shop: Shop) -> None:
    """Rule W17: it waits for an answer when nothing else can be done."""
    order = shop.dispatched(shop.approved(labour=[labour()]))
    comes, _ = visitor(shop, order)
    propose(shop, order, labour=[labour("OIL")])
    assert stage(comes) == "planned"
    shop.clock_on(order)
    shop.clock_off(order)
    shop.desk.do(HoldWorkOrder(work_order_id=order.id, reason="approval"))
    assert stage(comes) == "waiting_for_answer"
    assert way(comes) == {
        "received": "done",
        "looked_at": "now",
        "in_repair": "to_come",
        "quality_check": "to_come",
        "ready": "to_come",
        "handed_over": "to_come",
    }


def test_lines_say_how_far_they_are_and_what_is_only_written_down_is_not_shown(shop: Shop) -> None:
    """Rule W17."""
    order = shop.quoted(shop.open(), labour=[labour(), labour("OIL")], parts=[part(), part("WIPER", "1")])
    decline = {"line_ids": [line_id(order, 4)], "reason": "not now", "decision": signed()}
    shop.desk.do(DeclineLines(work_order_id=order.id, **decline))
    order = shop.dispatched(shop.approve(order))
    comes, _ = visitor(shop, order)
    shop.clock_on(order, 1)
    [asked] = comes.sees().requests
    assert [one.state for one in asked.lines] == ["in_work", "to_do", "to_do", "declined"]
    shop.clock_off(order, 1)
    order = propose(shop, order, labour=[labour("OIL")])
    first, more = comes.sees().requests
    assert [one.state for one in first.lines] == ["done", "to_do", "to_do", "declined"]
    assert [(one.state, one.name_zh, one.name_en) for one in more.lines] == [("asked", "更换机油", "Oil change")]
    assert (first.waiting_line_ids, more.waiting_line_ids) == ([], [line_id(order, 5)])


def test_the_price_is_the_customers_own_share_with_tax_and_nobody_elses(shop: Shop) -> None:
    """Rule W17: nothing in the answer says what others pay, what a part costs the dealer, or who works on it."""
    split = [{"payer": "customer_pay", "basis_points": 5000}, {"payer": "goodwill", "basis_points": 5000}]
    order = shop.quoted(shop.open(), labour=[labour(split=split)], parts=[part(payer="warranty"), part("WIPER", "1")])
    comes, _ = visitor(shop, order)
    seen = comes.sees()
    [asked] = seen.requests
    own, warranty, wiper = asked.lines
    assert (own.others_pay, warranty.others_pay, wiper.others_pay) == (True, True, False)
    assert (str(warranty.you_pay), str(wiper.you_pay)) == ("0.00 CNY", "45.00 CNY")
    assert (str(seen.price.approved), seen.price.asked, seen.price.total) == ("0.00 CNY", asked.you_pay, asked.you_pay)
    assert asked.you_pay == own.you_pay + wiper.you_pay
    shop.desk.do(RecordJob(work_order_id=order.id, job=1, cause="worn by the owner's habits", correction="talk to them"))
    order = shop.dispatched(shop.approve(order))
    shop.clock_on(order)
    seen = comes.sees()
    assert (seen.price.approved, str(seen.price.asked)) == (asked.you_pay, "0.00 CNY")
    said = str(seen.dump())
    for secret in ("zhang", "B1", "goodwill", "warranty", "399.98", "habits", "talk to", "13800000001", "Li Na"):
        assert secret not in said


def test_the_promise_and_the_one_before_it(shop: Shop) -> None:
    """Rules W17, W18: the first promise stays beside the one that took its place."""
    order = shop.dispatched(shop.approved(labour=[labour()]))
    comes, _ = visitor(shop, order)
    seen = comes.sees()
    assert (seen.promised_at, seen.first_promised_at) == (order.promised_at, None)
    comes.approves(_asked(shop, comes, order))
    seen = comes.sees()
    assert (seen.first_promised_at, seen.promised_at) == (order.promised_at, order.promised_at + timedelta(minutes=45))


def _asked(shop: Shop, comes: Visitor, order):
    propose(shop, order, labour=[labour("OIL")], extra_minutes=45)
    return comes.sees().requests[-1]


def test_red_and_amber_findings_are_shown_red_first_with_what_became_of_them(shop: Shop) -> None:
    """Rules W3, W17: what is in order is not; a line that nobody was asked about yet is none of the customer's."""
    publish(shop, battery(), pad())
    order = shop.dispatched(shop.approved(labour=[labour("OIL")]))
    comes, _ = visitor(shop, order)
    pictured(shop, order, "PAD-F")
    measured(shop, order, PAD_F="1", BATT="7")
    seen = comes.sees()
    assert [(one.item_code, one.finding, one.safety, str(one.value), one.unit, one.line_id) for one in seen.findings] == [
        ("PAD-F", "red", True, "1.000", "mm", None),
        ("BATT", "amber", False, "7.000", "mΩ", None),
    ]
    order = shop.desk.do(ProposeFindings(work_order_id=order.id, template_code="MPI", item_codes=["PAD-F"]))
    assert comes.sees().findings[0].line_id == line_id(order, 2)
    measured(shop, order, BATT="1")
    assert [one.item_code for one in comes.sees().findings] == ["PAD-F"]


def test_when_the_customer_comes_for_the_car_as_agreed_until_they_have_it(shop: Shop) -> None:
    """Rules W13, W17."""
    hours(shop)
    order = shop.ready()
    comes, _ = visitor(shop, order)
    assert comes.sees().delivery_at is None
    books(shop, order, "09:00")
    assert comes.sees().delivery_at == at("09:00")
    shop.deliver(order)
    assert comes.sees().delivery_at is None
