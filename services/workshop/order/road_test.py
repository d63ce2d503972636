"""Road tests and the customer's test drives, as they were recorded (Rule W26). None is edited: the next one is another."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Refused, Work, belongs_to, colleagues
from contracts.roles import TEST_DRIVERS
from contracts.shared import Colleague
from contracts.workshop import road_test as contract
from contracts.workshop.comeback import RoadTestAsk, TestDriveOutcome
from contracts.workshop.readiness_events import RoadTestAsked, RoadTested
from services.workshop.model import Base, never_changed
from services.workshop.order.comeback_note import groups_of, is_explained
from services.workshop.order.work_order import WorkOrder


@never_changed
class RoadTest(Aggregate, Base):
    """One drive, or the customer's word that they want none; with `ask` that one is asked for, or no longer."""

    __tablename__ = "road_test"
    __table_args__ = (belongs_to("work_order", "work_order_id"), Index(None, "dealer_id", "work_order_id", "id"))

    work_order_id: Mapped[str] = mapped_column(IdType)
    route: Mapped[str | None] = mapped_column(String(200))
    driven_by: Mapped[str | None] = mapped_column(String(120))
    mileage_before: Mapped[int | None]
    mileage_after: Mapped[int | None]
    mileage_reason: Mapped[str | None] = mapped_column(String(300))
    findings: Mapped[str | None] = mapped_column(String(1000))
    outcome: Mapped[TestDriveOutcome | None] = mapped_column(String(10))
    ask: Mapped[RoadTestAsk | None] = mapped_column(String(9))
    reason: Mapped[str | None] = mapped_column(String(300))
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]

    @classmethod
    def of(
        cls,
        order: WorkOrder,
        *,
        by: str,
        at: datetime,
        route: str | None = None,
        driven_by: str | None = None,
        mileage_before: int | None = None,
        mileage_after: int | None = None,
        mileage_reason: str | None = None,
        findings: str | None = None,
        outcome: TestDriveOutcome | None = None,
    ) -> "RoadTest":
        """What was driven and found. Whoever records it has looked at the odometer."""
        driven = cls(
            work_order_id=order.id,
            visit_id=order.visit_id,
            route=route,
            driven_by=driven_by,
            mileage_before=mileage_before,
            mileage_after=mileage_after,
            mileage_reason=mileage_reason,
            findings=findings,
            outcome=outcome,
            recorded_by=by,
            recorded_at=at,
        )
        driven.announce(RoadTested(work_order_id=order.id, driven_by=driven_by, mileage_after=mileage_after, outcome=outcome))
        return driven

    @classmethod
    def to_ask(cls, order: WorkOrder, ask: RoadTestAsk, reason: str, *, by: str, at: datetime) -> "RoadTest":
        """One is to be driven before the final inspection, or need not be after all."""
        asked = cls(work_order_id=order.id, visit_id=order.visit_id, ask=ask, reason=reason, recorded_by=by, recorded_at=at)
        asked.announce(RoadTestAsked(work_order_id=order.id, ask=ask, reason=reason))
        return asked

    def shown(self) -> contract.RoadTest:
        """The drive as it is answered."""
        return contract.RoadTest(
            ask=self.ask,
            reason=self.reason,
            route=self.route,
            driven_by=self.driven_by,
            mileage_before=self.mileage_before,
            mileage_after=self.mileage_after,
            mileage_reason=self.mileage_reason,
            findings=self.findings,
            outcome=self.outcome,
            recorded_by=self.recorded_by,
            recorded_at=self.recorded_at,
        )


def offers_test_drive(order: WorkOrder) -> bool:
    """A comeback, and a fault that did not show itself when it was looked for: the customer says whether it is gone."""
    return bool(groups_of(order.comeback)) or any(job.get("reproduced") is False for job in order.jobs)


def unanswered(order: WorkOrder) -> Iterator[Refused]:
    """That the customer was not offered the test drive, and that nobody said what a comeback came from."""
    if offers_test_drive(order) and order.test_drive is None:
        yield Refused("test_drive_not_offered")
    if groups_of(order.comeback) and not is_explained(order.comeback):
        yield Refused("comeback_not_explained")


def road_tests_of(work: Work, work_order_id: str) -> Sequence[RoadTest]:
    """All of one order, the first one first."""
    return work.all(select(RoadTest).where(RoadTest.work_order_id == work_order_id).order_by(RoadTest.id))


def is_asked(tests: Iterable[RoadTest]) -> bool:
    """Whether one is asked for, as was said last."""
    said = [one.ask for one in tests if one.ask is not None]
    return said[-1:] == ["asked"]


def is_due(tests: Sequence[RoadTest], worked_on: datetime | None) -> bool:
    """Whether one is asked for and the dealer has driven none since that was said and since work on the car began last."""
    if not is_asked(tests):
        return False
    said = max(at for at, one in enumerate(tests) if one.ask is not None)
    ours = [one.recorded_at for one in tests[said:] if one.route is not None and one.outcome is None]
    return not any(worked_on is None or at >= worked_on for at in ours)


def answer_of(work: Work, order: WorkOrder, worked_on: datetime | None) -> contract.RoadTests:
    """All of one order, the first one first; `worked_on`: when somebody last began to work on it."""
    driven = road_tests_of(work, order.id)
    to_offer = offers_test_drive(order) and order.test_drive is None
    may_drive = colleagues(work, role=TEST_DRIVERS)
    return contract.RoadTests(
        work_order_id=order.id,
        to_offer=to_offer,
        road_test_due=is_due(driven, worked_on),
        drivers=[Colleague(login=login, name=name) for login, name in sorted(may_drive.items())],
        items=[one.shown() for one in driven],
    )
