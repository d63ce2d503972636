"""The floor as it is now, and who worked on an order."""

from dataclasses import replace

from sqlalchemy import false, or_, select, true

from chassis import Work, colleagues, page
from contracts.attention import ConcernGroup
from contracts.workshop.board import Board, GetBoard, GetMyWork, MyWork
from contracts.workshop.dispatch_proposal import DispatchProposals, ProposeDispatch
from contracts.workshop.finding import WorkOrders
from contracts.workshop.instruction import GetWorkInstructions, LineInstruction, WorkInstructions
from contracts.workshop.isolation import GetIsolations, Isolations
from contracts.workshop.performance import MeasurePerformance, Performance
from contracts.workshop.quality import ListTeamChecks, MeasureQuality, Quality
from contracts.workshop.road_test import GetRoadTests, RoadTests
from contracts.workshop.shop_floor import Clockings, Inspections, ListClockings, ListInspections, Stretch
from contracts.workshop.wash import GetWash, ListWashes, Washes
from contracts.workshop.working_time import ForgottenClockOffs, ListForgottenClockOffs
from services.workshop.equipment.blocking import gauges
from services.workshop.leg.queries import leg_concerns
from services.workshop.multi_point.template import final_templates
from services.workshop.observation.queries import observation_concerns
from services.workshop.order.comeback import classes_of
from services.workshop.order.comeback_note import painted
from services.workshop.order.given import has_work
from services.workshop.order.queries import order_concerns
from services.workshop.order.road_test import answer_of, is_due, road_tests_of
from services.workshop.order.status import GIVEN, INSPECTED, NOT_READY, Status
from services.workshop.order.summary import summaries
from services.workshop.order.wash import Wash
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.instruction import Pinned, instructions_of
from services.workshop.pricing.settings import WorkshopSettings
from services.workshop.shop_floor.board import MOST_CARDS, board, floor, running
from services.workshop.shop_floor.card import cards
from services.workshop.shop_floor.clocking import Clocking, clockings_of
from services.workshop.shop_floor.figures import performance
from services.workshop.shop_floor.forgotten import described, forgotten_concerns
from services.workshop.shop_floor.inspection import Inspection, known_fuel
from services.workshop.shop_floor.isolation import isolations_of
from services.workshop.shop_floor.quality import quality
from services.workshop.shop_floor.quality_check import team_check_due
from services.workshop.shop_floor.queue import proposals
from services.workshop.shop_floor.road_testing import worked_on


def get_board(work: Work, query: GetBoard) -> Board:
    """Whatever the history is: what has ended is not looked at."""
    return board(floor(work))


def propose_dispatch(work: Work, query: ProposeDispatch) -> DispatchProposals:
    """As everything is now; nothing of it is kept."""
    now = floor(work)
    found = proposals(work, now, query)
    return replace(found, board=board(now)) if query.with_board else found


def get_my_work(work: Work, query: GetMyWork) -> MyWork:
    """What is on hold waits for others; what is in inspection or ready was the technician's, and is not worked on."""
    mine = WorkOrder.status.in_((*GIVEN, *INSPECTED)), has_work(work, work.actor)
    theirs = select(WorkOrder.id).where(*mine).order_by(WorkOrder.id)
    every = cards(work, [row.id for row in work.execute(theirs.limit(MOST_CARDS))])
    found = [card for card in every if card.status in GIVEN]
    now = running(found).get(work.actor)
    first = now.work_order_id if now is not None else None
    return MyWork(
        running=now,
        orders=sorted(found, key=lambda card: (card.id != first, card.status == "on_hold")),
        handed_in=[card for card in every if card.status not in GIVEN],
    )


def list_clockings(work: Work, query: ListClockings) -> Clockings:
    """The whole record of one order."""
    order = work.get(WorkOrder, query.work_order_id)
    found = clockings_of(work, order)
    names = colleagues(work, (one.technician for one in found))
    numbers = {line.id: line.number for line in order.lines}
    return Clockings(items=[_stretch(one, numbers[one.line_id], names.get(one.technician)) for one in found])


def list_inspections(work: Work, query: ListInspections) -> Inspections:
    """The whole record of one order."""
    order = work.get(WorkOrder, query.work_order_id)
    due = team_check_due(order, work.settings(WorkshopSettings).team_check)
    found = work.all(select(Inspection).where(Inspection.work_order_id == query.work_order_id).order_by(Inspection.id))
    names = colleagues(work, (one.document.inspector for one in found))
    templates = final_templates(work, classes_of(order.lines)) if order.status in NOT_READY else []
    return Inspections(
        team_check_due=due,
        road_test_due=is_due(road_tests_of(work, order.id), worked_on(clockings_of(work, order))),
        templates=[one.describe_final() for one in templates],
        gauges=gauges(work) if templates else [],
        fuel=known_fuel(work, order) if templates else None,
        items=[one.describe(names.get(one.document.inspector)) for one in found],
    )


def list_team_checks(work: Work, query: ListTeamChecks) -> WorkOrders:
    """None, where the dealer has no such stage."""
    needed = work.settings(WorkshopSettings).team_check
    waits = WorkOrder.status == Status.QUALITY_CHECK, WorkOrder.team_checked_by.is_(None), WorkOrder.quality_passed_by.is_(None)
    found = select(WorkOrder).where(*waits, false() if needed == "never" else true())
    if needed == "of_teams":
        found = found.where(WorkOrder.team_id.is_not(None))
    rows, cursor = page(work, found, query, keys=[WorkOrder.updated_at, WorkOrder.id], ascending=True)
    return WorkOrders(items=summaries(work, rows), next_cursor=cursor)


def measure_quality(work: Work, query: MeasureQuality) -> Quality:
    """Raises Invalid for a period longer than a year."""
    return quality(work, *work.profile.period(query.from_day, query.to_day, at=work.now))


def get_work_instructions(work: Work, query: GetWorkInstructions) -> WorkInstructions:
    """Two statements, however many lines there are."""
    order = work.get(WorkOrder, query.work_order_id)
    pinned = {
        line.id: Pinned(line.operation_code, version)
        for line in order.lines
        if line.operation_code and (version := painted(line.repair)["instruction_version"])
    }
    said = instructions_of(work, set(pinned.values()))
    items = [
        LineInstruction(
            line_id=line.id,
            line_number=line.number,
            operation_code=pinned[line.id].code,
            description=line.description,
            instruction_version=pinned[line.id].version,
            **vars(said[pinned[line.id]]),
        )
        for line in order.lines
        if line.id in pinned
    ]
    return WorkInstructions(items=items)


def list_forgotten_clock_offs(work: Work, query: ListForgottenClockOffs) -> ForgottenClockOffs:
    """By an index of their own, however many were corrected."""
    uncorrected = select(Clocking).where(Clocking.standing_uncorrected())
    rows, cursor = page(work, uncorrected, query, keys=[Clocking.off_at, Clocking.id], ascending=True)
    return ForgottenClockOffs(items=described(work, rows), next_cursor=cursor)


def measure_performance(work: Work, query: MeasurePerformance) -> Performance:
    """Raises Invalid for a period longer than a year."""
    return performance(work, *work.profile.period(query.from_day, query.to_day, at=work.now))


def floor_concerns(work: Work) -> list[ConcernGroup]:
    """What orders, legs, clockings and observations have to tell."""
    return [*order_concerns(work), *leg_concerns(work), forgotten_concerns(work), observation_concerns(work)]


def get_wash(work: Work, query: GetWash) -> Wash:
    """Raises NotFound where the customer wants none."""
    return work.get(Wash, query.work_order_id)


def list_washes(work: Work, query: ListWashes) -> Washes:
    """What is over is not looked at, nor what is not with the inspection yet."""
    due = or_(Wash.timing == "before_check", WorkOrder.quality_passed_by.is_not(None))
    found = select(Wash).join(Wash.order).where(Wash.ended_at.is_(None), WorkOrder.status == Status.QUALITY_CHECK, due)
    rows, cursor = page(work, found, query, keys=[Wash.id], ascending=True)
    return Washes(items=[row.describe() for row in rows], next_cursor=cursor)


def get_road_tests(work: Work, query: GetRoadTests) -> RoadTests:
    """Raises NotFound, also when it is another dealer's."""
    order = work.get(WorkOrder, query.work_order_id)
    return answer_of(work, order, worked_on(clockings_of(work, order)))


def get_isolations(work: Work, query: GetIsolations) -> Isolations:
    """Raises NotFound, also when it is another dealer's."""
    order = work.get(WorkOrder, query.work_order_id)
    items = [one.describe() for one in isolations_of(work, order)]
    return Isolations(work_order_id=order.id, high_voltage=order.high_voltage, items=items)


def _stretch(clocking: Clocking, line_number: int, name: str | None) -> Stretch:
    return Stretch(
        line_id=clocking.line_id,
        line_number=line_number,
        technician=clocking.technician,
        technician_name=name,
        started_at=clocking.on_at,
        stopped_at=clocking.off_at,
        minutes=None if clocking.open else clocking.minutes,
        stopped_by=clocking.ended_by,
        reason=clocking.ended_because,
    )
