"""What the customer was promised (Rules W6, W10, W18): the first time stays, and each that followed is kept. And that they are
told how it goes (Rule W19), whether anything was promised or not."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, Entity, IdType, Invalid, Refused, belongs_to, derived_id
from contracts.workshop import promise as contract
from contracts.workshop.progress import ReportKind, ToldHow
from contracts.workshop.promise import MissCause, PromiseAnswer, PromiseMoved
from contracts.workshop.promise_events import (
    MissExplained,
    ProgressReported,
    ProgressReportMissed,
    PromiseAtRisk,
    PromiseRevised,
)
from services.workshop.model import Base, never_changed
from services.workshop.order.work_order import WorkOrder

AT_RISK = text("at_risk_at IS NOT NULL")


class Promise(Aggregate, Base):
    """Its id is the order's. `promised_at` is what holds now, as the order has it; `first_at` never changes. There is no time yet
    where nobody could promise one.

    `baseline_at` is what being on time is held against: the first time, moved by additional work that the customer approved and
    did not withdraw. `at_risk_at`: since when the work that is left does not fit, `expected_at`: when it would be ready instead.
    `told_in_time`: whether the first telling of another time came before the time it replaces had passed. `told_at`: since when
    the customer knows of what is promised; until then it is no promise to them, and another time takes its place.
    """

    __tablename__ = "promise"
    __table_args__ = (
        belongs_to("work_order", "id"),
        Index("promise_at_risk_ix", "dealer_id", "at_risk_at", "id", postgresql_where=AT_RISK, sqlite_where=AT_RISK),
        Index(None, "dealer_id", "ready_at"),
    )

    first_at: Mapped[datetime | None]
    promised_at: Mapped[datetime | None]
    baseline_at: Mapped[datetime | None]
    revisions: Mapped[int]
    told_at: Mapped[datetime | None]
    told_in_time: Mapped[bool | None]
    ready_at: Mapped[datetime | None]
    cause: Mapped[MissCause | None] = mapped_column(String(20))
    cause_note: Mapped[str | None] = mapped_column(String(300))
    cause_by: Mapped[str | None] = mapped_column(String(64))
    waits: Mapped[bool]
    at_risk_at: Mapped[datetime | None]
    expected_at: Mapped[datetime | None]
    order: Mapped[WorkOrder] = relationship(lazy="joined", innerjoin=True)

    def risk(self, expected_at: datetime | None, *, at: datetime, told: bool) -> None:
        """The work that is left does not fit; told once for each promised time."""
        self.at_risk_at, self.expected_at = self.at_risk_at or at, expected_at
        if told:
            assert self.promised_at is not None, "what is at risk was promised"
            self.announce(PromiseAtRisk(work_order_id=self.id, promised_at=self.promised_at, expected_at=expected_at))

    def fit(self) -> None:
        """It fits, as things are now."""
        self.at_risk_at = self.expected_at = None

    @property
    def missed(self) -> bool:
        """The car was ready later than was promised."""
        return self.ready_at is not None and self.baseline_at is not None and self.ready_at > self.baseline_at

    def describe_miss(self) -> contract.MissedPromise:
        """The promise as the list of missed ones shows it."""
        assert self.ready_at is not None, "it was missed"
        assert self.baseline_at is not None, "what was missed was promised"
        return contract.MissedPromise(
            work_order_id=self.id,
            order_number=self.order.number,
            plate=self.order.vehicle["plate"],
            customer_name=self.order.customer["name"],
            advisor=self.order.advisor,
            baseline_at=self.baseline_at,
            ready_at=self.ready_at,
            late_minutes=(self.ready_at - self.baseline_at) // timedelta(minutes=1),
            miss_told="never" if self.told_in_time is None else "in_time" if self.told_in_time else "too_late",
            miss_cause=self.cause,
            miss_note=self.cause_note,
            miss_explained_by=self.cause_by,
        )

    def learn(self, at: datetime) -> None:
        """The customer knows what is promised: they were shown it by a link, decided on it, or were told."""
        if self.promised_at is not None:
            self.told_at = self.told_at or at

    def forget(self) -> None:
        """Nobody told the customer what was promised: it was no promise."""
        assert self.told_at is None, "what the customer knows stays"
        self.first_at = self.promised_at = self.baseline_at = None
        self.fit()

    def move(self, promised_at: datetime, moved_by: PromiseMoved) -> None:
        """This time holds from now on, the first one or another; whether it can be kept is looked at anew."""
        if self.promised_at is None or self.baseline_at is None:
            self.first_at = self.baseline_at = promised_at
        elif moved_by in ("additional_work", "withdrawn"):
            self.baseline_at += promised_at - self.promised_at
        self.promised_at = promised_at
        self.revisions += 1
        self.fit()

    def without(self, minutes: timedelta) -> None:
        """Work that moved what it is held against is done no more; the time that somebody told since holds."""
        assert self.baseline_at is not None, "it was moved"
        self.baseline_at -= minutes

    def tell(self, previous_at: datetime | None, how: ToldHow, answer: PromiseAnswer, *, at: datetime) -> bool:
        """The customer was told the time that holds now. Whether that was too late: the time before had passed by then."""
        late = previous_at is not None and at > previous_at
        if previous_at is not None and self.told_in_time is None:
            self.told_in_time = not late
        assert self.promised_at is not None, "that is what they were told"
        self.announce(
            PromiseRevised(
                work_order_id=self.id,
                promised_at=self.promised_at,
                previous_at=previous_at,
                told_how=how,
                told_at=at,
                told_late=late,
                promise_answer=answer,
            )
        )
        return late

    def late(self, now: datetime) -> bool:
        """It was missed, or is going to be: its time has passed, a later one was told, or the work does not fit."""
        if self.baseline_at is None or self.promised_at is None or self.ready_at is not None:
            return self.missed
        return self.at_risk_at is not None or max(now, self.promised_at) > self.baseline_at

    def explain(self, cause: MissCause, note: str | None, *, by: str, at: datetime) -> None:
        """Why it was not kept. Raises Refused for one that was, or may be; Invalid for another cause without words."""
        if not self.late(at):
            raise Refused("not_late")
        if cause == "other" and note is None:
            raise Invalid.field("note", "other_needs_words")
        self.cause, self.cause_note, self.cause_by = cause, note, by
        self.announce(MissExplained(work_order_id=self.id, miss_cause=cause))

    def unexplained(self) -> Iterator[Refused]:
        """That it was missed, and nobody has said why."""
        if self.missed and self.cause is None:
            yield Refused("late_without_cause", promised_at=self.baseline_at, ready_at=self.ready_at)

    def report(self, kinds: list[ReportKind], how: ToldHow, *, by: str, at: datetime) -> None:
        """The customer was told how it goes."""
        self.announce(ProgressReported(work_order_id=self.id, report_kinds=kinds, told_how=how, told_at=at, told_by=by))

    def miss_report(self, kind: ReportKind, due_at: datetime) -> None:
        """They were to be told, and were not."""
        self.announce(ProgressReportMissed(work_order_id=self.id, report_kind=kind, due_at=due_at))


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
    told_how: Mapped[ToldHow | None] = mapped_column(String(10))
    told_at: Mapped[datetime | None]
    told_late: Mapped[bool | None]
    answer: Mapped[PromiseAnswer | None] = mapped_column(String(12))
    note: Mapped[str | None] = mapped_column(String(300))
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
            told_how=self.told_how,
            told_at=self.told_at,
            told_late=self.told_late,
            promise_answer=self.answer,
            note=self.note,
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
