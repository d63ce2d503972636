"""Rule W30: an isolated car is switched on by two people, and not inspected before; what else happens while it is isolated."""

from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DatabaseError, IntegrityError

from chassis.wire.errors import NotFound, Refused
from chassis.wire.ids import new_id
from contracts.workshop import handing_over, isolation, shop_floor
from contracts.workshop import isolation_events as events
from contracts.workshop.events import WorkOrderReturned
from contracts.workshop.order import VoidWorkOrder, WorkOrder
from contracts.workshop.working_time import CorrectClockOff, ListForgottenClockOffs
from services.workshop.shop_floor.isolation import Isolation
from services.workshop.shop_floor.isolation_step import IsolationStep
from tests.services.workshop.electric import a_battery_job, isolated, live, lock, step, works_on
from tests.services.workshop.shop import DEALER, Shop, labour, line_id


def test_the_final_inspection_is_blocked_by_name_until_re_energising_is_signed_by_two(electric: Shop) -> None:
    """Rule W30: switching on waits until nobody is at the car, and needs a second signature before the inspection is passed."""
    order = a_battery_job(electric)
    one = isolated(electric, order)
    for number in (1, 2):
        electric.clock_on(order, number)
        with pytest.raises(Refused, match="still_clocked_on"):
            step(electric, isolation.Energise, one, "chen")
        electric.desk.pass_time(minutes=20)
        electric.clock_off(order, number)
    electric.desk.do(shop_floor.RequestQualityCheck(work_order_id=order.id), actor="zhang")

    def passed() -> WorkOrder:
        return electric.desk.do(shop_floor.CheckQuality(work_order_id=order.id, passed=True), actor="he")

    with pytest.raises(Refused) as refusal:
        passed()
    assert (refusal.value.code, refusal.value.details) == ("isolation_stands", {"lock_number": "L-7", "name": "zhang"})
    step(electric, isolation.Energise, one, "chen")
    assert electric.now(order).high_voltage == "energising"
    with pytest.raises(Refused, match="isolation_stands"):
        passed()
    with pytest.raises(Refused, match="needs_another_person"):
        step(electric, isolation.ConfirmEnergising, one, "chen")
    assert step(electric, isolation.ConfirmEnergising, one, "qin").isolation_state == "energised"
    assert electric.now(order).high_voltage == "live"
    assert passed().quality_passed_by == "he"
    for kind in (events.SystemEnergised, events.EnergisingConfirmed):
        assert [fact.isolation_id for fact in electric.desk.announced(kind)] == [one.id]


def test_after_re_energising_high_voltage_work_needs_a_new_isolation_also_as_rework(electric: Shop) -> None:
    """Rule W30: one isolation is for one time; a car that goes back to the shop is isolated again."""
    order = a_battery_job(electric)
    first = isolated(electric, order)
    works_on(electric, order)
    live(electric, first)
    electric.desk.do(shop_floor.RequestQualityCheck(work_order_id=order.id), actor="zhang")
    found = {"findings": "loose", "rework_cause": "workmanship", "rework_line_ids": [line_id(order, 1)]}
    again = shop_floor.CheckQuality(work_order_id=order.id, passed=False, **found)
    electric.desk.do(again, actor="he")
    with pytest.raises(Refused, match="not_isolated"):
        electric.clock_on(order)
    second = isolated(electric, order)
    assert second.id != first.id
    assert electric.clock_on(order).status == "in_progress"
    shown = electric.desk.ask(isolation.GetIsolations(work_order_id=order.id))
    assert [one.isolation_state for one in shown.items] == ["isolated", "energised"]
    assert shown.high_voltage == "isolated"


def test_an_order_has_one_standing_isolation_and_is_not_voided_while_it_stands(electric: Shop) -> None:
    """Rule W30: who comes second is told whose lock it is; what was only locked is switched on again in the same way."""
    order = a_battery_job(electric)
    one = lock(electric, order)
    with pytest.raises(Refused, match="isolation_stands"):
        lock(electric, order, "chen", "L-8")
    with pytest.raises(Refused, match="isolation_stands"):
        electric.desk.do(VoidWorkOrder(work_order_id=order.id, reason="customer left"))
    other = electric.dispatched(electric.approved(labour=[labour("HV-BAT")]), "chen", "B2")
    with pytest.raises(NotFound):
        electric.desk.do(isolation.Energise(work_order_id=other.id, isolation_id=one.id), actor="chen")
    assert live(electric, one).isolated_at is None
    assert electric.desk.do(VoidWorkOrder(work_order_id=order.id, reason="customer left")).status == "void"


def test_two_isolations_of_one_order_at_once_are_one_whatever_the_code_believes(electric: Shop) -> None:
    """Rule W30: of six at once one locks it off; and the database has the last word."""
    order = a_battery_job(electric)
    told: list[str] = []

    def want(by: str) -> None:
        try:
            told.append(lock(electric, order, by).id)
        except Refused as refused:
            told.append(refused.code)

    threads = [Thread(target=want, args=(by,)) for by in ("zhang", "chen") * 3]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    [one] = electric.desk.ask(isolation.GetIsolations(work_order_id=order.id)).items
    assert sorted(told) == sorted([one.id, *["isolation_stands"] * 5])

    def again(session: Any) -> None:
        row = dict(session.execute(select(Isolation.__table__).where(Isolation.id == one.id)).one()._mapping)
        session.execute(insert(Isolation.__table__).values({**row, "id": new_id()}))

    with pytest.raises(IntegrityError, match="isolation_standing_key"):
        electric.desk.rows(again, dealer=DEALER)
    live(electric, one, "zhang", "chen")
    electric.desk.rows(again, dealer=DEALER)


def test_what_was_handed_on_stays_isolated(electric: Shop) -> None:
    """Rule W30: the lock is the car's, whoever works on it."""
    order = a_battery_job(electric)
    isolated(electric, order)
    electric.clock_on(order)
    electric.desk.pass_time(minutes=20)
    electric.clock_off(order, done=False)
    electric.desk.do(shop_floor.HoldWorkOrder(work_order_id=order.id, reason="parts"))
    electric.desk.do(shop_floor.ResumeWorkOrder(work_order_id=order.id))
    assert electric.dispatched(order, "chen").high_voltage == "isolated"
    assert electric.clock_on(order, 1, "chen").status == "in_progress"


def test_a_tablet_tells_afterwards_only_what_was_done_while_the_car_was_isolated(electric: Shop) -> None:
    """Rules W9, W30: beginning and being done are held against the isolation of that time."""
    order = a_battery_job(electric)
    one = isolated(electric, order)
    electric.desk.pass_time(minutes=5)
    before = electric.desk.clock.now() - timedelta(minutes=6)
    with pytest.raises(Refused, match="not_isolated"):
        electric.clock_on(order, occurred_at=before)
    electric.clock_on(order, occurred_at=electric.desk.clock.now() - timedelta(minutes=4))
    electric.desk.pass_time(minutes=30)
    electric.clock_off(order, done=False)
    step(electric, isolation.Energise, one, "chen")
    electric.desk.pass_time(minutes=2)
    with pytest.raises(Refused, match="not_isolated"):
        electric.clock_on(order)
    with pytest.raises(Refused, match="not_isolated"):
        electric.clock_on(order, occurred_at=electric.desk.clock.now() - timedelta(minutes=1))


def test_nobody_is_said_afterwards_to_have_worked_on_after_the_system_was_switched_on(electric: Shop) -> None:
    """Rules W9, W30: it was switched on because nobody was at the car; by name, for a foreman and for a tablet."""
    order = a_battery_job(electric)
    one = isolated(electric, order)
    began = electric.desk.clock.now()
    electric.clock_on(order, 2)
    electric.desk.pass_time(hours=8)
    electric.desk.fire_timers()
    step(electric, isolation.Energise, one, "chen")
    switched_on = electric.desk.clock.now()
    electric.desk.pass_time(hours=1)
    [forgotten] = electric.desk.ask(ListForgottenClockOffs()).items

    def corrected(stopped_at: datetime) -> Any:
        asked = CorrectClockOff(clocking_id=forgotten.id, stopped_at=stopped_at, reason="stayed longer")
        return electric.desk.do(asked, actor="boss")

    for tell in (corrected, lambda at: electric.clock_off(order, 2, done=False, occurred_at=at)):
        with pytest.raises(Refused) as refusal:
            tell(switched_on + timedelta(minutes=1))
        told = refusal.value.details
        assert (refusal.value.code, told["name"]) == ("switched_on_meanwhile", "chen")
        assert datetime.fromisoformat(told["energised_at"]) == switched_on
    electric.clock_on(order, 2, occurred_at=switched_on - timedelta(minutes=2))
    with pytest.raises(Refused, match="switched_on_meanwhile"):
        electric.clock_off(order, 2, done=False)
    electric.clock_off(order, 2, done=False, occurred_at=switched_on - timedelta(minutes=1))
    assert corrected(switched_on - timedelta(minutes=2)).stopped_at == switched_on - timedelta(minutes=2)
    assert corrected(began + timedelta(hours=1)).minutes == 60


def test_a_mistaken_record_is_voided_with_a_reason_and_work_that_was_done_by_it_is_not_passed(electric: Shop) -> None:
    """Rule W30: it counts no longer, a pass that was given by it neither; it stays readable."""
    order = a_battery_job(electric)
    one = isolated(electric, order)
    electric.clock_on(order)
    void = isolation.VoidIsolation(work_order_id=order.id, isolation_id=one.id, reason="another car")
    with pytest.raises(Refused, match="still_clocked_on"):
        electric.desk.do(void, actor="boss")
    electric.desk.pass_time(minutes=20)
    electric.clock_off(order)
    electric.clock_on(order, 2)
    electric.desk.pass_time(minutes=20)
    electric.clock_off(order, 2)
    shown = electric.desk.do(void, actor="boss")
    assert (shown.isolation_state, shown.steps[-1].reason) == ("void", "another car")
    assert [fact.reason for fact in electric.desk.announced(events.IsolationVoided)] == ["another car"]
    assert electric.now(order).high_voltage == "live"
    with pytest.raises(Refused, match="isolation_void"):
        electric.desk.do(void, actor="boss")
    electric.desk.do(shop_floor.RequestQualityCheck(work_order_id=order.id), actor="zhang")
    with pytest.raises(Refused) as refusal:
        electric.desk.do(shop_floor.CheckQuality(work_order_id=order.id, passed=True), actor="he")
    assert (refusal.value.code, refusal.value.details) == ("isolation_missing", {"line": 1})
    electric.desk.do(shop_floor.ReturnToWork(work_order_id=order.id, reason="isolate and look again"))
    again = isolated(electric, order)
    live(electric, again)
    electric.desk.do(shop_floor.RequestQualityCheck(work_order_id=order.id), actor="zhang")
    assert electric.desk.do(shop_floor.CheckQuality(work_order_id=order.id, passed=True), actor="he").quality_passed_by == "he"
    late = isolation.VoidIsolation(work_order_id=order.id, isolation_id=again.id, reason="wrong voltage written down")
    electric.desk.do(late, actor="boss")
    assert electric.now(order).quality_passed_by is None


def test_a_record_that_is_found_mistaken_when_the_car_is_ready_brings_it_back_to_work(electric: Shop) -> None:
    """Rule W30: it is not delivered by a record that everybody knows to be wrong. What was delivered stays as it was signed."""
    order = a_battery_job(electric)
    one = isolated(electric, order)
    works_on(electric, order)
    live(electric, one)
    electric.desk.do(shop_floor.RequestQualityCheck(work_order_id=order.id), actor="zhang")
    electric.desk.do(shop_floor.CheckQuality(work_order_id=order.id, passed=True), actor="he")
    ready = electric.desk.do(handing_over.MarkReady(work_order_id=order.id))
    step(electric, isolation.VoidIsolation, one, "boss", reason="another car")
    back = electric.now(order)
    assert (ready.status, back.status, back.quality_passed_by, back.high_voltage) == ("ready", "dispatched", None, "live")
    assert [fact.reason for fact in electric.desk.announced(WorkOrderReturned)] == ["another car"]
    electric.desk.do(shop_floor.RequestQualityCheck(work_order_id=order.id), actor="zhang")
    with pytest.raises(Refused, match="isolation_missing"):
        electric.desk.do(shop_floor.CheckQuality(work_order_id=order.id, passed=True), actor="he")


def test_a_signed_step_is_never_changed(electric: Shop) -> None:
    """Rule W30: nor does the database let anybody."""
    isolated(electric, a_battery_job(electric))

    def alter(session: Any) -> None:
        session.execute(IsolationStep.__table__.update().values(number=9))

    with pytest.raises(DatabaseError, match="never changed or deleted"):
        electric.desk.rows(alter, dealer=DEALER)
