"""A tool that somebody signed for, until it is back (Rule W21)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Document, IdType, Refused, SignatureDocument, Work, belongs_to, stored
from contracts.signing import Signature
from contracts.workshop import equipment as contract
from contracts.workshop.equipment import LentTo
from contracts.workshop.equipment_events import ToolLent, ToolReturned
from services.workshop.equipment.equipment import Equipment
from services.workshop.model import Base

IS_OUT: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("returned_at IS NULL"))


class ToolLoanDocument(Document):
    """What the borrower signs: which tool they have, and for which order."""

    equipment_id: str
    code: str
    name: str
    borrower: str
    work_order_id: str | None = None
    order_number: str | None = None
    lent_at: datetime


class ToolLoan(Aggregate, Base):
    """One loan. What was signed stays as it is; afterwards only the return is added. A tool is out with one at a time."""

    __tablename__ = "tool_loan"
    __table_args__ = (
        belongs_to("equipment", "equipment_id"),
        Index("tool_loan_out_key", "dealer_id", "equipment_id", unique=True, **IS_OUT),
        Index("tool_loan_out_ix", "dealer_id", "id", **IS_OUT),
        Index("tool_loan_order_ix", "dealer_id", "work_order_id", "id"),
        Index("tool_loan_borrower_ix", "dealer_id", "borrower", "id"),
        Index("tool_loan_tool_ix", "dealer_id", "equipment_id", "id"),
    )

    equipment_id: Mapped[str] = mapped_column(IdType)
    borrower: Mapped[str] = mapped_column(String(64))
    work_order_id: Mapped[str | None] = mapped_column(IdType)
    document: Mapped[ToolLoanDocument] = mapped_column(stored(ToolLoanDocument))
    signature: Mapped[SignatureDocument] = mapped_column(stored(SignatureDocument))
    returned_at: Mapped[datetime | None]
    received_by: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(300))

    @classmethod
    def lend(cls, document: ToolLoanDocument, signature: SignatureDocument, *, visit_id: str | None) -> "ToolLoan":
        """The borrower signed and has it."""
        lent = cls(
            equipment_id=document.equipment_id,
            borrower=document.borrower,
            work_order_id=document.work_order_id,
            visit_id=visit_id,
            document=document,
            signature=signature,
        )
        lent.announce(ToolLent(lent_at=document.lent_at, **lent._facts()))
        return lent

    def take_back(self, note: str | None, *, by: str, at: datetime) -> None:
        """It is here again."""
        if self.returned_at is not None:
            raise Refused("tool_returned", code=self.document.code)
        self.returned_at, self.received_by, self.note = at, by, note
        self.announce(ToolReturned(returned_at=at, **self._facts()))

    def lent_to(self) -> LentTo:
        """Who has it, as the register shows it."""
        one = self.document
        return LentTo(
            tool_loan_id=self.id,
            borrower=one.borrower,
            lent_at=one.lent_at,
            work_order_id=one.work_order_id,
            order_number=one.order_number,
        )

    def describe(self) -> contract.ToolLoan:
        """The loan as it is answered."""
        one = self.document
        return contract.ToolLoan(
            id=self.id,
            version=self.version,
            equipment_id=one.equipment_id,
            code=one.code,
            name=one.name,
            borrower=one.borrower,
            work_order_id=one.work_order_id,
            order_number=one.order_number,
            lent_at=one.lent_at,
            lent_by=self.signature.taken_by,
            signature=Signature(**self.signature.shown_with(one)),
            returned_at=self.returned_at,
            received_by=self.received_by,
            note=self.note,
        )

    def _facts(self) -> dict[str, Any]:
        one = self.document
        return {
            "tool_loan_id": self.id,
            "equipment_id": one.equipment_id,
            "code": one.code,
            "name": one.name,
            "borrower": one.borrower,
            "work_order_id": one.work_order_id,
        }


def open_loan_of(work: Work, equipment: Equipment) -> ToolLoan | None:
    """The loan of a tool that is out."""
    return work.first(select(ToolLoan).where(ToolLoan.equipment_id == equipment.id, ToolLoan.returned_at.is_(None)))
