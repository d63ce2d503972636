"""Rule W21: equipment and tools - an overdue lift blocks its bay, an overdue gauge measures nothing, tools are signed for."""

from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DatabaseError, IntegrityError

from chassis.wire.errors import Invalid, NotFound, NotYetKnown, PreconditionFailed, Refused
from chassis.wire.values import Quantity
from contracts.shared import BAY
from contracts.signing import Signing
from contracts.workshop import equipment as register
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.board import GetBoard
from contracts.workshop.equipment import EquipmentItem, ToolLoan
from contracts.workshop.equipment_events import EquipmentDueSoon, EquipmentOverdue, ToolLent, ToolReturned
from contracts.workshop.multi_point import GetMultiPointInspections, MeasuredValue, RecordMeasurements
from contracts.workshop.order import WorkOrder
from contracts.workshop.pricing import GetWorkshopSettings, SetWorkshopSettings
from services.workshop.equipment.service_record import ServiceRecord
from services.workshop.equipment.tool_loan import ToolLoan as ToolLoanRow
from tests.services.workshop.shop import DEALER, Shop, cny
from tests.services.workshop.test_multi_point import battery, pad, publish

TODAY = date(2026, 3, 2)


def registered(shop: Shop, code: str = "L-1", days: int | None = 30, **more: Any) -> EquipmentItem:
    """An entry that is due in so many days; a lift of bay B1 if nothing else is said."""
    kind = more.pop("kind", "lift")
    place = {"bay": "B1"} if kind in ("lift", "machine") else {"units": ["mm"]} if kind == "gauge" else {}
    due = None if days is None else TODAY + timedelta(days=days)
    return shop.desk.do(register.RegisterEquipment(code=code, kind=kind, name=f"The {code}", due_on=due, **{**place, **more}))


def serviced(shop: Shop, one: EquipmentItem, days: int | None = 365, result: str = "passed", **more: Any) -> EquipmentItem:
    """Looked after today; due again in so many days."""
    today = (shop.desk.clock.now() + timedelta(hours=8)).date()
    due = None if days is None else today + timedelta(days=days)
    told = {"serviced_on": today, "serviced_by": "The lift firm", "result": result, "due_on": due, **more}
    return shop.desk.do(register.RecordEquipmentService(equipment_id=one.id, **told))


def lent(
    shop: Shop, tool: EquipmentItem, to: str = "zhang", order: WorkOrder | None = None, if_match: int | None = None
) -> ToolLoan:
    signature = Signing(means="typed", name=to)
    work_order_id = None if order is None else order.id
    told = register.LendTool(equipment_id=tool.id, borrower=to, work_order_id=work_order_id, signature=signature)
    return shop.desk.do(told, actor="boss", if_match=if_match)


def measured(shop: Shop, order: WorkOrder, value: str, gauge: str | None = None, item: str = "PAD-F") -> Any:
    told = [MeasuredValue(item_code=item, value=Quantity.of(value), gauge=gauge)]
    return shop.desk.do(RecordMeasurements(work_order_id=order.id, template_code="MPI", values=told), actor="zhang")


def facts(shop: Shop) -> list[tuple[str, str, date | None]]:
    shop.desk.fire_timers()
    told = [*shop.desk.announced(EquipmentDueSoon), *shop.desk.announced(EquipmentOverdue)]
    return [(type(one).__name__, one.code, one.due_on) for one in told]


def test_an_overdue_lift_blocks_its_bay_until_it_was_serviced(shop: Shop) -> None:
    """It is in order through the day on which it is due. Work already sent there does not begin; another bay is free."""
    lift = registered(shop, days=0)
    order = shop.dispatched(shop.approved(), bay="B1")
    shop.desk.pass_time(days=1)
    with pytest.raises(Refused, match="bay_blocked") as refusal:
        shop.dispatched(shop.approved(), bay="b 1")
    assert refusal.value.details == {"field": "bay", "bay": "B1", "code": "L-1", "name": "The L-1"}
    with pytest.raises(Refused, match="bay_blocked"):
        shop.clock_on(order)
    [bay] = [one for one in shop.desk.ask(GetBoard()).bays if BAY.key(one.bay) == "B1"]
    assert bay.blocked_by == "L-1"
    shop.clock_on(shop.dispatched(shop.now(order), bay="B2"))
    with pytest.raises(Invalid) as nothing_next:
        serviced(shop, lift, days=None)
    assert list(nothing_next.value.details["errors"]) == ["due_on"]
    with pytest.raises(Invalid) as no_findings:
        serviced(shop, lift, days=None, result="failed")
    assert list(no_findings.value.details["errors"]) == ["note"]
    assert serviced(shop, lift, days=None, result="failed", note="the lock does not hold").condition == "failed"
    with pytest.raises(Refused, match="bay_blocked"):
        shop.dispatched(shop.approved())
    assert serviced(shop, lift).condition == "in_order"
    shop.dispatched(shop.approved())
    assert {one.blocked_by for one in shop.desk.ask(GetBoard()).bays} == {None}
    history = shop.desk.ask(register.GetEquipment(equipment_id=lift.id))
    assert [(one.result, one.serviced_by, one.recorded_by) for one in history.services] == [
        ("passed", "The lift firm", "wang"),
        ("failed", "The lift firm", "wang"),
    ]


def test_who_is_at_work_when_a_lift_becomes_overdue_finishes_and_a_retired_one_blocks_nothing(shop: Shop) -> None:
    lift = registered(shop, days=0)
    order = shop.clock_on(shop.dispatched(shop.approved()))
    shop.desk.pass_time(days=1)
    shop.clock_off(order, done=False)
    shop.clock_on(order)
    with pytest.raises(Refused, match="bay_blocked"):
        shop.dispatched(shop.approved())
    assert shop.desk.do(register.RetireEquipment(equipment_id=lift.id, reason="scrapped")).condition == "retired"
    shop.dispatched(shop.approved())
    with pytest.raises(Refused, match="equipment_retired"):
        serviced(shop, lift)


def test_an_overdue_gauge_cannot_record_a_measured_value(shop: Shop) -> None:
    """With a gauge for its unit in the register no value goes without one; it is kept with the value."""
    publish(shop, pad(), battery())
    order = shop.approved()
    assert measured(shop, order, "7").items[0].gauge is None, "the dealer has no gauge yet"
    gauge = registered(shop, "G-1", days=0, kind="gauge")
    for wrong, code in ((None, "needs_a_gauge"), ("G-9", "not_a_gauge_of_the_dealer")):
        with pytest.raises(Invalid) as refusal:
            measured(shop, order, "7", wrong)
        assert code in str(refusal.value.details["errors"]["values.0.gauge"])
    assert measured(shop, order, "6.5", item="BATT").items[1].value == Quantity.of("6.5"), "nothing measures its unit here"
    with pytest.raises(Invalid) as other_unit:
        measured(shop, order, "7", "G-1", item="BATT")
    assert "gauge_of_another_unit" in str(other_unit.value.details["errors"])
    assert measured(shop, order, "6", "g1").items[0].gauge == "G-1"
    shop.desk.pass_time(days=1)
    with pytest.raises(Refused, match="gauge_overdue") as overdue:
        measured(shop, order, "5", "G-1")
    assert overdue.value.details == {"field": "values.0.gauge", "code": "G-1", "name": "The G-1"}
    shown = shop.desk.ask(GetMultiPointInspections(work_order_id=order.id))
    assert shown.inspections[0].items[0].value == Quantity.of("6")
    assert [(one.code, one.units, one.usable) for one in shown.gauges] == [("G-1", ["mm"], False)]
    serviced(shop, gauge)
    assert measured(shop, order, "5", "G-1").items[0].value == Quantity.of("5")


def test_what_becomes_due_and_what_is_overdue_is_told_once_per_due_date(shop: Shop) -> None:
    """14 days before (default), at the dealer's midnight, and again the day after it was due."""
    lift = registered(shop, days=20)
    assert facts(shop) == []
    shop.desk.pass_time(days=5, hours=11, minutes=59)
    assert facts(shop) == []
    shop.desk.pass_time(minutes=1)
    soon = ("EquipmentDueSoon", "L-1", TODAY + timedelta(days=20))
    assert facts(shop) == [soon]
    [due] = shop.desk.ask(register.ListEquipment(due=True)).items
    assert (due.code, due.condition) == ("L-1", "due_soon")
    shop.desk.pass_time(days=14)
    assert facts(shop) == [soon], "it is due today, and in order"
    shop.desk.pass_time(days=1)
    assert facts(shop) == [soon, ("EquipmentOverdue", "L-1", soon[2])]
    [group] = [one for one in shop.desk.ask(FindWorkshopConcerns()).groups if one.kind == "equipment_overdue"]
    assert (group.count, group.items[0].equipment, group.items[0].severity) == (1, "L-1 The L-1", "severe")
    shop.desk.pass_time(days=40)
    assert len(facts(shop)) == 2
    serviced(shop, lift, days=1)
    assert facts(shop)[1:] == [("EquipmentDueSoon", "L-1", TODAY + timedelta(days=62)), ("EquipmentOverdue", "L-1", soon[2])]
    assert shop.desk.ask(register.ListEquipment(), dealer="bj-chaoyang").items == []
    with pytest.raises(NotFound):
        shop.desk.ask(register.GetEquipment(equipment_id=lift.id), dealer="bj-chaoyang")


def test_a_dealer_that_wants_to_know_earlier_is_told_of_what_is_registered_already(shop: Shop) -> None:
    registered(shop, days=20)
    registered(shop, "T-1", days=None, kind="tool")
    before = shop.desk.ask(GetWorkshopSettings())
    rates = {"labour_rate": cny("180.00"), "call_threshold": cny("300.00")}
    shop.desk.do(SetWorkshopSettings(equipment_notice_days=30, **rates), if_match=before.version)
    assert [one[0] for one in facts(shop)] == ["EquipmentDueSoon"]
    assert [one.condition for one in shop.desk.ask(register.ListEquipment()).items] == ["due_soon", "in_order"]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"kind": "lift", "days": None}, "due_on"),
        ({"kind": "lift", "bay": None}, "bay"),
        ({"kind": "tool", "bay": "B1"}, "bay"),
        ({"kind": "gauge", "units": []}, "units"),
        ({"kind": "tool", "units": ["mm"]}, "units"),
        ({"kind": "gauge", "units": ["mm", "mm"]}, "units.1"),
    ],
)
def test_an_entry_says_what_its_kind_needs(shop: Shop, told: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        registered(shop, **told)
    assert list(refusal.value.details["errors"]) == [field]
    assert shop.desk.ask(register.ListEquipment()).items == []


def test_a_code_is_registered_once_however_it_is_typed(shop: Shop) -> None:
    registered(shop, "T-01", None, kind="tool")
    with pytest.raises(Refused, match="equipment_code_taken"):
        registered(shop, "t 01", None, kind="tool")


def test_a_tool_is_lent_against_signature_to_one_at_a_time_and_comes_back_once(shop: Shop) -> None:
    tool, order = registered(shop, "T-1", None, kind="tool"), shop.approved()
    loan = lent(shop, tool, order=order)
    assert (loan.borrower, loan.order_number, loan.lent_by, loan.signature.name) == ("zhang", order.number, "boss", "zhang")
    assert loan.signature.verified
    with pytest.raises(Refused, match="tool_lent") as refusal:
        lent(shop, tool, "chen")
    assert refusal.value.details == {"code": "T-1", "name": "zhang"}
    with pytest.raises(Refused, match="tool_lent"):
        shop.desk.do(register.RetireEquipment(equipment_id=tool.id, reason="lost"))
    [shown] = shop.desk.ask(register.ListEquipment(kind="tool")).items
    assert (shown.lent_to.borrower, shown.lent_to.order_number) == ("zhang", order.number)
    assert [one.id for one in shop.desk.ask(register.ListToolLoans(work_order_id=order.id)).items] == [loan.id]
    back = shop.desk.do(register.ReturnTool(tool_loan_id=loan.id, note="worn"), actor="boss")
    assert (back.returned_at, back.received_by, back.note) == (shop.desk.clock.now(), "boss", "worn")
    with pytest.raises(Refused, match="tool_returned"):
        shop.desk.do(register.ReturnTool(tool_loan_id=loan.id))
    assert shop.desk.ask(register.ListToolLoans()).items == []
    assert [one.id for one in shop.desk.ask(register.ListToolLoans(returned=True, borrower="zhang")).items] == [loan.id]
    with pytest.raises(Refused, match="not_lent_out"):
        lent(shop, registered(shop))
    shop.desk.employ("li", "technician", at=("bj-chaoyang",))
    with pytest.raises(NotYetKnown, match="not_yet_known"):
        lent(shop, tool, "li")
    assert [len(shop.desk.announced(kind)) for kind in (ToolLent, ToolReturned)] == [1, 1]


def test_the_database_itself_lends_no_tool_twice_and_keeps_what_was_recorded(shop: Shop) -> None:
    """Many who want it at once: one has it. Behind the code stand the unique key and the triggers."""
    tool = registered(shop, "T-1", None, kind="tool")
    told: list[str] = []

    def want(to: str) -> None:
        try:
            told.append(lent(shop, tool, to).borrower)
        except Refused as refused:
            told.append(refused.code)

    threads = [Thread(target=want, args=(to,)) for to in ("zhang", "chen") * 3]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told)[:-1] == ["tool_lent"] * 5 or sorted(told)[1:] == ["tool_lent"] * 5
    serviced(shop, tool)

    def again(session: Any) -> None:
        table = ToolLoanRow.__table__
        row = dict(session.execute(select(table)).one()._mapping)
        session.execute(insert(table).values({**row, "id": shop.approved().id}))

    with pytest.raises(IntegrityError, match="tool_loan_out_key"):
        shop.desk.rows(again, dealer=DEALER)
    for change in (_forget, _alter):
        with pytest.raises(DatabaseError, match="never changed or deleted"):
            shop.desk.rows(change, dealer=DEALER)


def _forget(session: Any) -> None:
    session.execute(ServiceRecord.__table__.delete())


def _alter(session: Any) -> None:
    session.execute(ServiceRecord.__table__.update().values(serviced_by="another"))


def test_if_match_names_the_tool_and_not_the_order_it_is_lent_for(shop: Shop) -> None:
    """The order is locked first, and is not what the command addresses."""
    tool, order = registered(shop, "T-9", kind="tool"), shop.approved()
    assert tool.version != shop.now(order).version
    assert lent(shop, tool, order=order, if_match=tool.version).equipment_id == tool.id
    with pytest.raises(PreconditionFailed):
        lent(shop, registered(shop, "T-8", kind="tool"), order=order, if_match=shop.now(order).version)
