"""Reports to the customer (进度通报, Rule W19): each falls due once, and escalates once if nobody tells it in time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Entity, IdType, Work, belongs_to, derived_id, new_id, set_timer
from contracts.workshop import progress as contract
from contracts.workshop.progress import ReportKind, ToldHow
from services.workshop.model import Base
from services.workshop.order.work_order import WorkOrder
from services.workshop.team.settings import TeamSettings

OPEN = text("ended_at IS NULL")


class ProgressReport(Entity, Base):
    """Something that the customer is to be told. `occasion` is which of its kind it is: an estimate's version, a promised time.

    `ended_at`: it was told, or need not be told any more.
    """

    __tablename__ = "progress_report"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        UniqueConstraint("dealer_id", "work_order_id", "kind", "occasion"),
        Index("progress_report_open_ix", "dealer_id", "due_at", "id", postgresql_where=OPEN, sqlite_where=OPEN),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    kind: Mapped[ReportKind] = mapped_column(String(20))
    occasion: Mapped[str] = mapped_column(String(40))
    occurred_at: Mapped[datetime]
    due_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    told_how: Mapped[ToldHow | None] = mapped_column(String(10))
    told_by: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(300))
    ended_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    order: Mapped[WorkOrder] = relationship(lazy="joined", innerjoin=True)

    @property
    def may_be_told(self) -> bool:
        """That a car is ready is told once it was checked before its delivery (Rule W13); until then it is due all the same."""
        return self.kind != "ready" or self.order.pre_delivery is not None

    def describe(self) -> contract.ProgressReport:
        """The report as it is answered."""
        return contract.ProgressReport(
            report_kind=self.kind,
            occurred_at=self.occurred_at,
            due_at=self.due_at,
            told_at=self.told_at,
            told_how=self.told_how,
            told_by=self.told_by,
            note=self.note,
            escalated_at=self.escalated_at,
            ended_at=self.ended_at,
        )


def fall_due(
    work: Work,
    order: WorkOrder,
    kind: ReportKind,
    occasion: str = "",
    *,
    since: datetime | None = None,
    within: timedelta | None = None,
) -> None:
    """The customer is to be told within the dealer's time, from now on, whether they were promised a time or not; of each
    occasion once. Sooner, if that is to be `within` less."""
    occurred_at = since or work.now
    usual = timedelta(minutes=work.settings(TeamSettings).report_minutes)
    due_at = occurred_at + (usual if within is None else min(usual, within))
    report = {
        "id": derived_id("progress_report", order.id, kind, occasion),
        "work_order_id": order.id,
        "kind": kind,
        "occasion": occasion,
        "occurred_at": occurred_at,
        "due_at": due_at,
    }
    if work.insert_new(ProgressReport, report):
        set_timer(work, "escalate_report", str(report["id"]), due_at)


def keep_waiting(work: Work, order: WorkOrder, since: datetime) -> None:
    """Who waits for the car is told how it goes, again and again."""
    fall_due(work, order, "waiting", new_id(), since=since)


def open_reports(work: Work, order: WorkOrder, *kinds: ReportKind) -> Sequence[ProgressReport]:
    """What its customer is still to be told; of some kinds, if named."""
    found = select(ProgressReport).where(ProgressReport.work_order_id == order.id, ProgressReport.ended_at.is_(None))
    return work.all((found.where(ProgressReport.kind.in_(kinds)) if kinds else found).order_by(ProgressReport.due_at))


def end_reports(work: Work, order: WorkOrder, *kinds: ReportKind) -> None:
    """Nobody need tell it any more."""
    for report in open_reports(work, order, *kinds):
        report.ended_at = work.now
        set_timer(work, "escalate_report", report.id, None)


def announce_ready(work: Work, order: WorkOrder) -> None:
    """The car is ready: that is what the customer is to be told, and nothing else any more."""
    end_reports(work, order)
    fall_due(work, order, "ready", work.now.isoformat())
