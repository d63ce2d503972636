"""What workshop announces on a car's way from the final inspection to its customer (Rules W11 to W13, W26, W27)."""

from datetime import datetime
from typing import Annotated

from chassis.wire import text, whole
from contracts.shared import Login, Reason
from contracts.workshop.comeback import ComebackCause, ComebackSheet, RoadTestAsk, TestDriveOutcome
from contracts.workshop.events import WorkOrderEvent
from contracts.workshop.quality import Stage
from contracts.workshop.readiness import Recommendation


class PreDeliveryChecked(WorkOrderEvent, type="workshop.work_order.pre_delivery_checked"):
    """The advisor checked the car before its customer is told (交车前检查, Rule W13)."""

    checked_by: Login
    checked_at: datetime
    note: Reason | None = None


class WorkChecked(WorkOrderEvent, type="workshop.work_order.work_checked"):
    """A check before the final inspection: a team leader's, or a self-check that did not pass (班组长检验, 自检, Rule W11)."""

    stage: Stage
    passed: bool
    checked_by: Login
    findings: Annotated[str | None, text(1000)] = None
    rework_cause: ComebackCause | None = None


class WorkRecommended(WorkOrderEvent, type="workshop.work_order.work_recommended"):
    """The team leader recommends work for later (维修建议, Rule W27); these replace what was recommended before."""

    recommended_by: Login
    recommendations: list[Recommendation]


class CarWashed(WorkOrderEvent, type="workshop.wash.done"):
    """The car whose customer wanted it was washed (洗车), and parked there (Rule W12)."""

    washed_by: Login
    washed_at: datetime
    parking_place: Annotated[str, text(60)]


class WashSkipped(WorkOrderEvent, type="workshop.wash.skipped"):
    """The wash that the customer wanted is not done after all, with the reason (Rule W12)."""

    skipped_by: Login
    reason: Reason


class RoadTested(WorkOrderEvent, type="workshop.road_test.recorded"):
    """The car was driven (路试), by us or by its customer, or the customer wants no test drive (Rule W26)."""

    driven_by: Annotated[str | None, text(120)] = None
    mileage_after: Annotated[int | None, whole(0)] = None
    outcome: TestDriveOutcome | None = None


class RoadTestAsked(WorkOrderEvent, type="workshop.road_test.asked"):
    """A road test before the final inspection was asked for, or is asked for no longer (Rule W11)."""

    ask: RoadTestAsk
    reason: Reason


class ComebackExplained(WorkOrderEvent, type="workshop.work_order.comeback_explained"):
    """What a comeback came from was recorded (返修分析, Rule W26)."""

    sheet: ComebackSheet
