"""The authorisation ledger: every decision of the customer, how they made it, and who wrote it down (Rule W8)."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, SignatureDocument, belongs_to, document, stored
from contracts.signing import Signature
from contracts.workshop import agreement
from contracts.workshop.agreement import DecisionKind, DecisionMeans
from contracts.workshop.linked import LinkReceipt
from services.workshop.agreement.decision_document import DecisionDocument
from services.workshop.model import Base, never_changed


@never_changed
class Authorisation(Entity, Base):
    """One entry: who decided on which lines, how and when; with the document that the customer signed, if they did.

    Entries are only ever added.
    """

    __tablename__ = "authorisation"
    __table_args__ = (belongs_to("work_order", "work_order_id"),)

    work_order_id: Mapped[str] = mapped_column(IdType, index=True)
    decision: Mapped[DecisionKind] = mapped_column(String(20))
    estimate_version: Mapped[int | None]
    line_numbers: Mapped[list[int]] = mapped_column(document)
    means: Mapped[DecisionMeans] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    given_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(300))
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]
    document: Mapped[DecisionDocument | None] = mapped_column(stored(DecisionDocument))
    signature: Mapped[SignatureDocument | None] = mapped_column(stored(SignatureDocument))

    def receipt(self) -> LinkReceipt:
        """The entry as whoever decided by a one-time link keeps it."""
        assert self.signature is not None, "what is decided by a link is signed"
        assert self.document is not None, "and has its document"
        return LinkReceipt(
            decision="approved" if self.decision == "approved" else "declined",
            line_numbers=self.line_numbers,
            reason=self.reason,
            name=self.name,
            signed_at=self.signature.signed_at,
            strokes=self.signature.strokes,
            document_hash=self.signature.document_hash,
            verified=self.signature.shown_with(self.document)["verified"],
        )

    def describe(self) -> agreement.Authorisation:
        """The entry as the ledger shows it."""
        return agreement.Authorisation(
            id=self.id,
            decision=self.decision,
            estimate_version=self.estimate_version,
            line_numbers=self.line_numbers,
            means=self.means,
            name=self.name,
            given_at=self.given_at,
            reason=self.reason,
            recorded_by=self.recorded_by,
            recorded_at=self.recorded_at,
            lines=[line.describe() for line in self.document.lines] if self.document else [],
            estimate_hash=self.document.estimate_hash if self.document else None,
            signature=Signature(**self.signature.shown_with(self.document)) if self.signature and self.document else None,
        )
