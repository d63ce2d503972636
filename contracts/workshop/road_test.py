"""Road tests, the customer's test drive, and what a comeback came from (Rule W26)."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from contracts.shared import Colleague, LineRef, Login, Name, Reason
from contracts.workshop.comeback import ComebackCause, RoadTestAsk, TestDriveOutcome
from contracts.workshop.order import WorkOrder

Route = Annotated[str, text(200)]
Findings = Annotated[str, text(1000)]
Mileage = Annotated[int, whole(0, 9_999_999)]


class RoadTest(Part):
    """One drive (路试), or the customer's word that they want none. `outcome` is what they said of their own.

    With `ask` it is none: somebody asked for one, or no longer does, and why.
    """

    ask: RoadTestAsk | None = None
    reason: Reason | None = None
    route: Route | None = None
    driven_by: Name | None = None
    mileage_before: Annotated[int | None, whole(0)] = None
    mileage_after: Annotated[int | None, whole(0)] = None
    mileage_reason: Reason | None = None
    findings: Findings | None = None
    outcome: TestDriveOutcome | None = None
    recorded_by: Login
    recorded_at: datetime


class RoadTests(Answer):
    """The drives of one order, the first one first; and whether its customer is to be offered one before the delivery.

    `drivers` are those who may drive it. `road_test_due`: one was asked for, and nobody has driven since the work ended.
    """

    work_order_id: Id
    to_offer: bool
    road_test_due: bool
    drivers: list[Colleague]
    items: list[RoadTest]


class RecordRoadTest(Command, service="workshop", answer=RoadTests):
    """Record a road test.

    Which way, who of the dealer drove, what the odometer showed before and after, and what was found. It is never changed.
    """

    work_order_id: Id
    route: Route
    driven_by: Login
    mileage_before: Mileage
    mileage_after: Mileage
    findings: Findings
    mileage_reason: Reason | None = None


class AskForRoadTest(Command, service="workshop", answer=RoadTests):
    """Ask for a road test.

    The car then does not pass its final inspection before somebody of the dealer has driven it since it was last worked on
    (Rule W11).
    """

    work_order_id: Id
    reason: Reason


class WithdrawRoadTest(Command, service="workshop", answer=RoadTests):
    """Ask for a road test no longer.

    With the reason why the car needs none after all.
    """

    work_order_id: Id
    reason: Reason


class AnswerTestDrive(Command, service="workshop", answer=WorkOrder):
    """Record the customer's test drive.

    After a comeback or an intermittent fault the customer is offered to drive the car before the delivery: they want to or not,
    and say whether it is fixed. What is not fixed goes back to the shop as rework. A drive has its route and the odometer.
    """

    work_order_id: Id
    outcome: TestDriveOutcome
    route: Route | None = None
    mileage_before: Mileage | None = None
    mileage_after: Mileage | None = None
    mileage_reason: Reason | None = None
    findings: Findings | None = None
    rework_line_ids: list[LineRef] | None = None


class GetRoadTests(Query, service="workshop", answer=RoadTests):
    """Show the road tests of an order.

    And the customer's test drives.
    """

    work_order_id: Id


class ExplainComeback(Command, service="workshop", answer=WorkOrder):
    """Record what a comeback came from.

    Whether the diagnosis, the workmanship, a part or what was told was wrong, who did the work then, and what is done about it.
    No comeback is delivered without it; until then it may be corrected.
    """

    work_order_id: Id
    comeback_cause: ComebackCause
    original_technician: Name
    correction: Findings
