"""Where an order stands, in the customer's words (Rule W17)."""

from collections.abc import Mapping
from datetime import datetime

from contracts.workshop.order import HoldReason
from contracts.workshop.visit import VisitLineState, VisitStage, VisitStep, VisitStepName
from services.workshop.order.line import Kind, OrderLine, State
from services.workshop.order.status import Status
from services.workshop.order.wash import Wash
from services.workshop.order.work_order import WorkOrder

_LATER: Mapping[Status, VisitStage] = {
    Status.IN_PROGRESS: "in_repair",
    Status.QUALITY_CHECK: "quality_check",
    Status.READY: "ready",
    Status.DELIVERED: "handed_over",
    Status.CLOSED: "handed_over",
}
_HELD: Mapping[HoldReason | None, VisitStage] = {
    "parts": "waiting_for_parts",
    "warranty_authorisation": "waiting_for_manufacturer",
    "sublet": "at_specialist",
}
_STEP_OF: Mapping[VisitStage, VisitStepName] = {
    "received": "received",
    "looked_at": "looked_at",
    "waiting_for_answer": "looked_at",
    "quality_check": "quality_check",
    "washing": "washing",
    "ready": "ready",
    "handed_over": "handed_over",
}
"""The others are steps of the repair."""


def stage_of(order: WorkOrder, wash: Wash | None, *, looked_at: bool, parts_here: bool = False) -> VisitStage:
    """One word for all of it; `looked_at` says whether anything was found or written down that is to be done, `parts_here` that
    nothing is short any more. A car is ready once it was checked before its delivery (Rule W13)."""
    if wash is not None and wash.state == "begun":
        return "washing"
    if order.status is Status.READY and order.pre_delivery is None:
        return "quality_check"
    if order.hold_reason == "parts" and parts_here:
        return "parts_here"
    if order.hold_reason in _HELD:
        return _HELD[order.hold_reason]
    return _LATER.get(order.status) or _before_the_work(order, looked_at=looked_at)


def _before_the_work(order: WorkOrder, *, looked_at: bool) -> VisitStage:
    wanted = [line for line in order.lines if line.approved]
    if any(line.state is State.QUOTED for line in order.lines) and not any(line.unfinished for line in wanted):
        return "waiting_for_answer"
    if wanted:
        return "in_repair" if any(line.begun for line in wanted) else "planned"
    return "looked_at" if looked_at else "received"


def steps_of(order: WorkOrder, wash: Wash | None, stage: VisitStage) -> list[VisitStep]:
    """The way of the car; with its wash, where one is wanted and not skipped."""
    way: list[VisitStepName] = ["received", "looked_at", "in_repair", "quality_check", "ready", "handed_over"]
    if wash is not None and wash.state != "skipped":
        way.insert(3 if wash.timing == "before_check" else 4, "washing")
    here = way.index(_STEP_OF.get(stage, "in_repair"))
    reached: dict[VisitStepName, datetime | None] = {
        "received": order.opened_at,
        "washing": None if wash is None else wash.ended_at,
        "handed_over": order.delivered_at,
    }

    def over(name: VisitStepName) -> bool:
        return stage == "handed_over" or (name == "washing" and order.status is Status.READY)

    return [
        VisitStep(
            step=name,
            state="done" if at < here or over(name) else "now" if at == here else "to_come",
            at=reached.get(name),
        )
        for at, name in enumerate(way)
    ]


def line_state(line: OrderLine, order: WorkOrder) -> VisitLineState:
    """How far a line is that its customer knows of."""
    if line.state is State.QUOTED:
        return "asked"
    if not line.approved:
        return "declined"
    over = order.status not in _BEFORE_IT_IS_DONE
    if line.done_at is not None or (over and line.kind is not Kind.LABOUR):
        return "done"
    return "in_work" if line.begun else "to_do"


_BEFORE_IT_IS_DONE = (Status.OPEN, Status.DISPATCHED, Status.IN_PROGRESS, Status.ON_HOLD)
