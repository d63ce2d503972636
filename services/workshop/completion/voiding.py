"""A certificate that does not count any more (Rule W32): its car went back to work, or its delivery was undone.

Its number stays used and the certificate as it was signed: what is added says since when it is void, and why.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, String, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Work, belongs_to
from contracts.workshop import completion as contract
from contracts.workshop.completion import VoidCause
from contracts.workshop.completion_events import CompletionVoided
from services.workshop.completion.completion_certificate import CompletionCertificate
from services.workshop.model import Base, never_changed
from services.workshop.order.work_order import WorkOrder


@never_changed
class CompletionVoid(Aggregate, Base):
    """That one certificate is void; its id is the certificate's."""

    __tablename__ = "completion_void"
    __table_args__ = (belongs_to("completion_certificate", "id"),)

    void_cause: Mapped[VoidCause] = mapped_column(String(14))
    reason: Mapped[str] = mapped_column(String(1000))
    voided_by: Mapped[str] = mapped_column(String(64))
    voided_at: Mapped[datetime]

    def shown(self) -> contract.VoidNote:
        """Why it does not count."""
        return contract.VoidNote(
            void_cause=self.void_cause, reason=self.reason, voided_by=self.voided_by, voided_at=self.voided_at
        )


def counts() -> ColumnElement[bool]:
    """Whether a certificate is not void."""
    return ~exists().where(
        CompletionVoid.dealer_id == CompletionCertificate.dealer_id, CompletionVoid.id == CompletionCertificate.id
    )


def standing(work: Work, order: WorkOrder, revision: int) -> CompletionCertificate | None:
    """The certificate that counts for that delivery of the order."""
    of_it = CompletionCertificate.work_order_id == order.id, CompletionCertificate.revision == revision
    return work.first(select(CompletionCertificate).where(*of_it, counts()))


def void_standing(
    work: Work, order: WorkOrder, cause: VoidCause, reason: str, *, revision: int | None = None, by: str | None = None
) -> None:
    """The certificate of the next delivery, or of the one that is named, does not count any more, if there is one."""
    with work.without_autoflush():
        certificate = standing(work, order, order.revision + 1 if revision is None else revision)
    if certificate is None:
        return
    who = by or work.actor
    void = CompletionVoid(
        id=certificate.id, visit_id=order.visit_id, void_cause=cause, reason=reason, voided_by=who, voided_at=work.now
    )
    void.announce(
        CompletionVoided(
            work_order_id=order.id,
            number=certificate.document.number,
            revision=certificate.revision,
            void_cause=cause,
            reason=reason,
            voided_by=who,
            voided_at=work.now,
        )
    )
    work.add(void)


def voids_of(work: Work, order: WorkOrder) -> Mapping[str, contract.VoidNote]:
    """Why certificates of the order do not count, by their id."""
    theirs = select(CompletionCertificate.id).where(CompletionCertificate.work_order_id == order.id)
    return {one.id: one.shown() for one in work.all(select(CompletionVoid).where(CompletionVoid.id.in_(theirs)))}
