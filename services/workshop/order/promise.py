"""What the customer was promised (Rules W6, W10): the first time stays, and each that followed is kept."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, Entity, IdType, Work, belongs_to, derived_id, set_timer
from contracts.workshop import promise as contract
from contracts.workshop.promise import PromiseMoved
from contracts.workshop.promise_events import PromiseAtRisk
from services.workshop.model import Base, never_changed
from services.workshop.order.status import NOT_READY
from services.workshop.order.work_order import WorkOrder

AT_RISK = text("at_risk_at IS NOT NULL")


class Promise(Aggregate, Base):
    """Its id is the order's. `promised_at` is what holds now, as the order has it; `first_at` never changes.

    `at_risk_at`: since when the work that is left does not fit, `expected_at`: when it would be ready instead.
    """

    __tablename__ = "promise"
    __table_args__ = (
        belongs_to("work_order", "id"),
        Index("promise_at_risk_ix", "dealer_id", "at_risk_at", "id", postgresql_where=AT_RISK, sqlite_where=AT_RISK),
    )

    first_at: Mapped[datetime]
    promised_at: Mapped[datetime]
    revisions: Mapped[int]
    at_risk_at: Mapped[datetime | None]
    expected_at: Mapped[datetime | None]
    order: Mapped[WorkOrder] = relationship(lazy="joined", innerjoin=True)

    def risk(self, expected_at: datetime | None, *, at: datetime, told: bool) -> None:
        """The work that is left does not fit; told once for each promised time."""
        self.at_risk_at, self.expected_at = self.at_risk_at or at, expected_at
        if told:
            self.announce(PromiseAtRisk(work_order_id=self.id, promised_at=self.promised_at, expected_at=expected_at))

    def fit(self) -> None:
        """It fits, as things are now."""
        self.at_risk_at = self.expected_at = None

    def move(self, promised_at: datetime) -> None:
        """Another time holds from now on; whether it can be kept is looked at anew."""
        self.promised_at = promised_at
        self.revisions += 1
        self.fit()


@never_changed
class PromiseRevision(Entity, Base):
    """One promised time, and what it came with."""

    __tablename__ = "promise_revision"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        UniqueConstraint("dealer_id", "work_order_id", "revision_number"),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    revision_number: Mapped[int]
    moved_by: Mapped[PromiseMoved] = mapped_column(String(20))
    promised_at: Mapped[datetime]
    previous_at: Mapped[datetime | None]
    estimate_version: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(300))
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]

    def describe(self) -> contract.PromiseRevision:
        """The revision as it is answered."""
        return contract.PromiseRevision(
            moved_by=self.moved_by,
            promised_at=self.promised_at,
            previous_at=self.previous_at,
            estimate_version=self.estimate_version,
            promise_reason=self.reason,
            recorded_by=self.recorded_by,
            recorded_at=self.recorded_at,
        )


@never_changed
class PromiseRisk(Entity, Base):
    """That a promise was told to be at risk: one for each promised time of an order."""

    __tablename__ = "promise_risk"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        UniqueConstraint("dealer_id", "work_order_id", "promised_at"),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    promised_at: Mapped[datetime]
    expected_at: Mapped[datetime | None]
    told_at: Mapped[datetime]

    @staticmethod
    def identity(work_order_id: str, promised_at: datetime) -> str:
        """The id of the risk of that promise."""
        return derived_id("promise_risk", work_order_id, promised_at.isoformat())

    def describe(self) -> contract.FoundRisk:
        """The risk as it is answered."""
        return contract.FoundRisk(promised_at=self.promised_at, expected_at=self.expected_at, told_at=self.told_at)


def keep_promise(work: Work, order: WorkOrder, moved_by: PromiseMoved, *, reason: str | None = None) -> bool:
    """The order's promised time is what it is now. Written down, and true, if it is another one than before."""
    promise = work.lock(Promise, order.id)
    if order.promised_at is None:
        return False
    previous = None if promise is None else promise.promised_at
    if promise is None:
        promise = Promise(
            id=order.id,
            visit_id=order.visit_id,
            first_at=order.promised_at,
            promised_at=order.promised_at,
            revisions=1,
            order=order,
        )
        work.add(promise)
    elif promise.promised_at == order.promised_at:
        return False
    else:
        work.change(promise)
        promise.move(order.promised_at)
    revision = PromiseRevision(
        id=derived_id("promise_revision", order.id, promise.revisions),
        work_order_id=order.id,
        revision_number=promise.revisions,
        moved_by=moved_by,
        promised_at=order.promised_at,
        previous_at=previous,
        estimate_version=order.estimate_version if moved_by != "revised" else None,
        reason=reason,
        recorded_by=work.actor,
        recorded_at=work.now,
    )
    work.add(revision)
    return True


def look_again(work: Work, order: WorkOrder, at: datetime | None = None) -> None:
    """Something has changed that the order's promise depends on: whether it fits is looked at, at once or at that time."""
    if order.promised_at is not None and order.status in NOT_READY:
        set_timer(work, "watch_promise", order.id, at or work.now)


def look_no_more(work: Work, order: WorkOrder) -> None:
    """The car is ready: nothing is at risk any more."""
    if order.promised_at is None:
        return
    set_timer(work, "watch_promise", order.id, None)
    promise = work.lock(Promise, order.id)
    if promise is not None and promise.at_risk_at is not None:
        work.change(promise)
        promise.fit()


def at_risk(work: Work, work_order_ids: Iterable[str]) -> dict[str, datetime | None]:
    """Of these orders, those whose promise is at risk, with when they would be ready instead."""
    found = select(Promise.id, Promise.expected_at).where(Promise.at_risk_at.is_not(None), Promise.id.in_(list(work_order_ids)))
    return {row.id: row.expected_at for row in work.execute(found)}
