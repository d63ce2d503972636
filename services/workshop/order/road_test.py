"""Road tests and the customer's test drives, as they were recorded (Rule W26). None is edited: the next one is another."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Refused, Work, belongs_to, colleagues
from contracts.roles import TEST_DRIVERS
from contracts.shared import Colleague
from contracts.workshop import road_test as contract
from contracts.workshop.comeback import TestDriveOutcome
from contracts.workshop.readiness_events import RoadTested
from services.workshop.model import Base, never_changed
from services.workshop.order.comeback_note import groups_of, is_explained
from services.workshop.order.work_order import WorkOrder


@never_changed
class RoadTest(Aggregate, Base):
    """One drive, or the customer's word that they want none."""

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

    def shown(self) -> contract.RoadTest:
        """The drive as it is answered."""
        return contract.RoadTest(
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


def answer_of(work: Work, order: WorkOrder) -> contract.RoadTests:
    """All of one order, the first one first."""
    driven = work.all(select(RoadTest).where(RoadTest.work_order_id == order.id).order_by(RoadTest.id))
    to_offer = offers_test_drive(order) and order.test_drive is None
    may_drive = colleagues(work, role=TEST_DRIVERS)
    return contract.RoadTests(
        work_order_id=order.id,
        to_offer=to_offer,
        drivers=[Colleague(login=login, name=name) for login, name in sorted(may_drive.items())],
        items=[one.shown() for one in driven],
    )
