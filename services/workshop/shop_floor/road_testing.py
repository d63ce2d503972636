"""Road tests, the customer's test drive, and what a comeback came from (Rule W26)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from chassis import Invalid, Refused, Work, staff_roles
from contracts.odometer import FAR_ON_A_DRIVE
from contracts.roles import TECHNICIAN, TEST_DRIVERS
from contracts.shared import LOGIN
from contracts.workshop.comeback import ComebackSheet, RoadTestAsk
from contracts.workshop.readiness_events import ComebackExplained
from contracts.workshop.road_test import (
    AnswerTestDrive,
    AskForRoadTest,
    ExplainComeback,
    RecordRoadTest,
    RoadTests,
    WithdrawRoadTest,
)
from services.workshop.order.comeback_note import ComebackNote, explained, groups_of
from services.workshop.order.mileage import refuse_doubtful, refuse_doubtful_of
from services.workshop.order.road_test import RoadTest, answer_of, is_asked, is_due, road_tests_of
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.clocking import Clocking, clockings_of
from services.workshop.shop_floor.quality_check import require_rework
from services.workshop.shop_floor.returning import bring_back


def record(work: Work, command: RecordRoadTest) -> RoadTests:
    """Write a drive down, of a car that is worked on, inspected or ready."""
    order = work.lock_root(WorkOrder, command.work_order_id)
    order.require(Transition.ROAD_TEST)
    if staff_roles(work, "driven_by", command.driven_by).isdisjoint(TEST_DRIVERS):
        raise Refused("may_not_drive", field="driven_by", name=command.driven_by)
    _check(work, order, command)
    driven = RoadTest.of(
        order,
        by=work.actor,
        at=work.now,
        route=command.route,
        driven_by=command.driven_by,
        mileage_before=command.mileage_before,
        mileage_after=command.mileage_after,
        mileage_reason=command.mileage_reason,
        findings=command.findings,
    )
    work.add(driven)
    return _answer(work, order)


def ask(work: Work, command: AskForRoadTest) -> RoadTests:
    """It is to be driven before its final inspection. Raises Refused while that is asked for already."""
    order = _not_passed(work, command.work_order_id)
    if is_due(road_tests_of(work, order.id), worked_on(clockings_of(work, order))):
        raise Refused("road_test_asked")
    return _said(work, order, "asked", command.reason)


def withdraw(work: Work, command: WithdrawRoadTest) -> RoadTests:
    """It need not be. Raises Refused if nobody asks for it."""
    order = _not_passed(work, command.work_order_id)
    if not is_asked(road_tests_of(work, order.id)):
        raise Refused("road_test_not_asked")
    return _said(work, order, "withdrawn", command.reason)


def require_driven(work: Work, order: WorkOrder, clockings: Iterable[Clocking]) -> None:
    """No car passes its final inspection before the road test that was asked for (Rule W11)."""
    if is_due(road_tests_of(work, order.id), worked_on(clockings)):
        raise Refused("road_test_due")


def worked_on(clockings: Iterable[Clocking]) -> datetime | None:
    """When somebody last began to work on the car."""
    return max((one.on_at for one in clockings), default=None)


def _not_passed(work: Work, work_order_id: str) -> WorkOrder:
    order = work.lock_root(WorkOrder, work_order_id)
    order.require(Transition.ASK_ROAD_TEST)
    if order.quality_passed_by is not None:
        raise Refused("inspection_passed", name=order.quality_passed_by)
    return order


def _said(work: Work, order: WorkOrder, said: RoadTestAsk, reason: str) -> RoadTests:
    work.add(RoadTest.to_ask(order, said, reason, by=work.actor, at=work.now))
    return _answer(work, order)


def _answer(work: Work, order: WorkOrder) -> RoadTests:
    return answer_of(work, order, worked_on(clockings_of(work, order)))


def answer_test_drive(work: Work, command: AnswerTestDrive) -> WorkOrder:
    """What the customer said of their own drive; what is not fixed goes back to the shop, and counts as rework."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.TEST_DRIVE)
    drive = {"route": command.route, "mileage_before": command.mileage_before, "mileage_after": command.mileage_after}
    if command.outcome != "declined":
        missing = [name for name, value in drive.items() if value is None]
        if missing:
            raise Invalid.fields({name: ["required"] for name in missing})
        _check(work, order, command)
    work.add(
        RoadTest.of(
            order,
            by=work.actor,
            at=work.now,
            driven_by=None if command.outcome == "declined" else order.customer["name"],
            route=command.route,
            mileage_before=command.mileage_before,
            mileage_after=command.mileage_after,
            mileage_reason=command.mileage_reason,
            findings=command.findings,
            outcome=command.outcome,
        )
    )
    order.test_drive = command.outcome
    if command.outcome == "not_fixed":
        if command.findings is None:
            raise Invalid.field("findings", "needs_findings")
        require_rework(order, command.rework_line_ids or [])
        bring_back(work, order, "not_fixed", command.findings, command.rework_line_ids or [])
        order.rework_count += 1
    elif command.rework_line_ids:
        raise Invalid.field("rework_line_ids", "nothing_to_redo")
    return order


def _check(work: Work, order: WorkOrder, drive: RecordRoadTest | AnswerTestDrive) -> None:
    before, after, why = drive.mileage_before, drive.mileage_after, drive.mileage_reason
    assert before is not None
    assert after is not None
    if after < before:
        raise Invalid.field("mileage_after", "must_not_be_before", field="mileage_before")
    refuse_doubtful_of(work, order.vehicle_facts, before, why, field="mileage_before")
    refuse_doubtful(before, after, why, field="mileage_after", far=FAR_ON_A_DRIVE)


def _require_worked_here(work: Work, note: ComebackNote, name: str) -> None:
    """Who did the work at this dealer clocked on here once, or is one of its technicians; another dealer's are not known here."""
    if any(repair["dealer"] != work.dealer for repair in note["repairs"]):
        return
    login = LOGIN.key(name)
    if work.first(select(Clocking).where(Clocking.technician == login).limit(1)) is not None:
        return
    if TECHNICIAN not in staff_roles(work, "original_technician", login):
        raise Refused("not_a_technician", field="original_technician", name=name)


def explain_comeback(work: Work, command: ExplainComeback) -> WorkOrder:
    """Say what the comeback came from, until the car is delivered. Raises Refused for an order that is none."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.EXPLAIN_COMEBACK)
    if order.comeback is None or not groups_of(order.comeback):
        raise Refused("no_comeback")
    _require_worked_here(work, order.comeback, command.original_technician)
    sheet = ComebackSheet(
        comeback_cause=command.comeback_cause,
        original_technician=command.original_technician,
        correction=command.correction,
        recorded_by=work.actor,
        recorded_at=work.now,
    )
    order.comeback = explained(order.comeback, sheet)
    order.announce(ComebackExplained(work_order_id=order.id, sheet=sheet))
    return order
