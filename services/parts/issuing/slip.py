"""Slips: what a technician signed for."""

from typing import Any, Literal

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Document, IdType, Quantity, SignatureDocument, stored
from chassis.wire import Part
from contracts.parts import issuing
from contracts.parts.events import PartsIssued, PartsReturned
from contracts.shared import PartRequest
from contracts.signing import Signature
from services.parts.model import Base


class SlipLine(Part):
    """A line of a slip as it is stored."""

    line_id: str
    part_number: str
    quantity: Quantity


class SlipDocument(Document):
    """What a technician signs: which parts they got for which order, or gave back."""

    kind: Literal["issue", "return"]
    work_order_id: str
    technician: str
    lines: list[SlipLine]


class Slip(Aggregate, Base):
    """A signed issue slip (出库单) or return slip (退库单); it never changes."""

    __tablename__ = "slip"
    __table_args__ = (Index("slip_work_order", "dealer_id", "work_order_id", "id"),)

    kind: Mapped[issuing.SlipKind] = mapped_column(String(6))
    work_order_id: Mapped[str] = mapped_column(IdType)
    technician: Mapped[str] = mapped_column(String(64))
    document: Mapped[SlipDocument] = mapped_column(stored(SlipDocument))
    signature: Mapped[SignatureDocument] = mapped_column(stored(SignatureDocument))
    handed_by: Mapped[str] = mapped_column(String(64))

    def sign(self, document: SlipDocument, signature: SignatureDocument) -> None:
        """These are the parts it is about; from now on it never changes."""
        self.document, self.signature = document, signature
        signed: dict[str, Any] = {
            "document_hash": signature.document_hash,
            "signed_by": signature.name,
            "signed_at": signature.signed_at,
            "means": signature.means,
        }
        if self.kind == "issue":
            self.announce(
                PartsIssued(
                    slip_id=self.id,
                    work_order_id=self.work_order_id,
                    technician=self.technician,
                    handed_by=self.handed_by,
                    lines=self.handed,
                    **signed,
                )
            )
        else:
            self.announce(PartsReturned(slip_id=self.id, work_order_id=self.work_order_id, lines=self.handed, **signed))

    @property
    def handed(self) -> list[PartRequest]:
        """Its lines as answers and events show them."""
        return [
            PartRequest(line_id=line.line_id, part_number=line.part_number, quantity=line.quantity)
            for line in self.document.lines
        ]

    def describe(self) -> issuing.Slip:
        """The slip as it was signed."""
        return issuing.Slip(
            id=self.id,
            version=self.version,
            kind=self.kind,
            work_order_id=self.work_order_id,
            technician=self.technician,
            lines=self.handed,
            signature=Signature(**self.signature.shown_with(self.document)),
            handed_by=self.handed_by,
        )
