"""Work on the car: dispatch, clocking, holds, installed parts, and the quality check."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from contracts.shared import AmountOrNone, Bay, LineKind, LineRef, Login, Name, Reason, each_once, up_to
from contracts.signing import Signature
from contracts.workshop.comeback import ComebackCause
from contracts.workshop.damage import Damage, Panel
from contracts.workshop.equipment import Gauge
from contracts.workshop.final_inspection import CheckedSheet, FinalTemplate, Fuel, ItemResult
from contracts.workshop.order import HoldReason, Split, WorkOrder
from contracts.workshop.quality import Stage


class DispatchWorkOrder(Command, service="workshop", answer=WorkOrder):
    """Dispatch to a technician or a team, and a bay.

    It can be given to others (派工), also when it was begun, while nobody is clocked on. Where it stands it keeps its bay;
    another one it takes when somebody clocks on. Once the dealer has a list of bays (`PUT /workshop-settings`), it is one of
    those. Of a team, whoever leads it leads the order, and each line can be done by some member.
    """

    work_order_id: Id
    technician: Login | None = None
    team_id: Id | None = None
    bay: Bay


class AssignLine(Command, service="workshop", answer=WorkOrder):
    """Give a line to a technician of its own.

    A labour line that is approved and not done goes to another technician of the dealer than the order; without a name it goes
    back to who leads the order. Only they clock on to it from then on. Not while somebody is at it.
    """

    work_order_id: Id
    line_id: Id
    technician: Login | None = None


class AcceptCar(Command, service="workshop", answer=WorkOrder):
    """Accept the car for work.

    The team has compared the car with its walk-around, before anybody clocks on to it: it is as it says, or has the damage that
    is told here. A car that was walked around is not worked on before.
    """

    work_order_id: Id
    new_damages: list[Damage] = up_to(100)


class ClockOn(Command, service="workshop", answer=WorkOrder):
    """Clock on to a line.

    The calling technician starts on an approved labour line; the order takes its bay. Its version rises only when work begins.
    The team has accepted the car before, if there is a walk-around of it (Rule W24).

    A tablet that had no connection says when it was, in `occurred_at`: at most 24 hours ago, not before the order was dispatched
    and the line approved, and not while the technician was on another line.
    """

    work_order_id: Id
    line_id: Id
    occurred_at: datetime | None = None


class ClockOff(Command, service="workshop", answer=WorkOrder):
    """Clock off a line.

    The calling technician stops; `done` finishes the line, and only that raises the order's version. A tablet that had no
    connection says when it was, in `occurred_at`: at most 24 hours ago, and not before they clocked on.
    """

    work_order_id: Id
    line_id: Id
    done: bool
    occurred_at: datetime | None = None


class ClockOffColleague(Command, service="workshop", answer=WorkOrder):
    """Clock a colleague off.

    For a technician who forgot to, or cannot. `stopped_at` is when they really stopped, if that was earlier.
    """

    work_order_id: Id
    line_id: Id
    technician: Login
    done: bool
    reason: Reason
    stopped_at: datetime | None = None


class Stretch(Part):
    """One stretch of work of one technician on one line; it runs while `stopped_at` is null. Who ended it for them said why."""

    line_id: Id
    line_number: Annotated[int, whole(1)]
    technician: Login
    technician_name: Name | None = None
    started_at: datetime
    stopped_at: datetime | None = None
    minutes: Annotated[int | None, whole(0)] = None
    stopped_by: Login | None = None
    reason: Reason | None = None


class Clockings(Answer):
    """All clockings of one work order, the earliest first."""

    items: list[Stretch]


class ListClockings(Query, service="workshop", answer=Clockings):
    """Show an order's clockings.

    Who worked on which line from when to when: whoever did none of it may inspect it (Rule W11).
    """

    work_order_id: Id


class RecordInstalled(Command, service="workshop", answer=WorkOrder):
    """Record the installed quantity.

    Less of a part went onto the car than was approved; the price follows the quantity. None of it drops the line.

    Shares by percentage follow the price. Payers that agreed to amounts need new ones, in `split`: nobody more than before.
    """

    work_order_id: Id
    line_id: Id
    quantity: AmountOrNone
    split: list[Split] | None = None


class HoldWorkOrder(Command, service="workshop", answer=WorkOrder):
    """Put on hold.

    Work waits: for an approval, for parts, for a warranty authorisation, for outside work. The bay is free again.
    """

    work_order_id: Id
    reason: HoldReason


class ResumeWorkOrder(Command, service="workshop", answer=WorkOrder):
    """Resume.

    What was waited for is there: the order can be worked on again.
    """

    work_order_id: Id


class RequestQualityCheck(Command, service="workshop", answer=WorkOrder):
    """Send to the quality check.

    All approved labour is done and nothing is undecided: the car goes to the checks. The bay is free again. Whoever did its work
    signs with it their self-check (自检, Rule W11); where the dealer has that stage, nobody else sends on what was worked on.
    """

    work_order_id: Id


class CheckQuality(Command, service="workshop", answer=WorkOrder):
    """Record the quality check.

    The final inspection (质检) by the caller, who did none of the work, nor somebody with their staff number. A failed one says
    what was found, where it came from and which lines to redo. One that passes covers each line and each panel that was damaged
    before (`to_compare` of the order): as before, or with new damage, which advisor and service manager are told of.

    Where the group has published templates for the classes of its work, a pass has a result of each of their items that is of the
    car's `fuel`, and none out of its limits (Rule W28); which those are, the order's checks say. What the car runs on is said
    once and stays: only a failed check says otherwise. A gauge as in multi-point inspections. What is recorded of a failed one is
    kept with it.
    """

    work_order_id: Id
    passed: bool
    findings: Annotated[str | None, text(1000)] = None
    rework_cause: ComebackCause | None = None
    rework_line_ids: list[LineRef] | None = None
    as_before: list[Panel] = up_to(each_once(Panel))
    new_damages: list[Damage] = up_to(100)
    fuel: Fuel | None = None
    results: list[ItemResult] = up_to(500)


class InspectedLine(Part):
    """A line as it was inspected."""

    number: Annotated[int, whole(1)]
    kind: LineKind
    description: Annotated[str, text(200)]
    safety: bool = False


class Inspection(Part):
    """One check (质检) as it was recorded: its stage, what was found, by whom, what was to be redone, and their signature."""

    stage: Stage
    passed: bool
    inspector: Annotated[str, text(64)]
    inspector_name: str | None = None
    inspected_at: datetime
    findings: str | None = None
    rework_cause: ComebackCause | None = None
    lines: list[InspectedLine]
    rework: list[int]
    as_before: list[Panel]
    new_damages: list[Damage]
    fuel: Fuel | None = None
    sheets: list[CheckedSheet]
    signature: Signature


class Inspections(Answer):
    """All checks of one work order, the first one first. `team_check_due`: the team leader's comes before the final one.

    `road_test_due`: one was asked for, and nobody has driven the car since it was last worked on.

    `templates` are those that its final inspection is to be done by, `gauges` what may be measured with, and `fuel` what the car
    runs on, once an inspection has said it.
    """

    team_check_due: bool
    road_test_due: bool
    templates: list[FinalTemplate]
    gauges: list[Gauge]
    fuel: Fuel | None = None
    items: list[Inspection]


class ListInspections(Query, service="workshop", answer=Inspections):
    """Show an order's checks.

    Self-checks, team leaders' checks and final inspections, passed or not, each as it was signed by the account of who recorded
    it (Rule W11).
    """

    work_order_id: Id


class ReturnToWork(Command, service="workshop", answer=WorkOrder):
    """Return a car to work.

    The customer does not take it, or something is wrong with its lines: it is worked on and inspected again. The lines named are
    to be redone.
    """

    work_order_id: Id
    reason: Reason
    rework_line_ids: list[LineRef] | None = None
