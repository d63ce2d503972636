"""A hand-over or return sheet of a loan, and its signature (Rule B9, docs/domain.md)."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, SignatureDocument, belongs_to, derived_id, stored
from contracts.booking import loaner as contract
from contracts.booking.loaner import LoanSheetKind
from contracts.signing import Signature
from contracts.workshop.damage import Damage
from services.booking.loaner.sheet_document import LoanSheetDocument
from services.booking.model import Base


@SignatureDocument.seals
class LoanSheet(Entity, Base):
    """One sheet; its id follows from loan and kind, so that there is one of each."""

    __tablename__ = "loan_sheet"
    __table_args__ = (belongs_to("loan", "loan_id"), Index("loan_sheet_loan_ix", "dealer_id", "loan_id"))

    loan_id: Mapped[str] = mapped_column(IdType)
    document: Mapped[LoanSheetDocument] = mapped_column(stored(LoanSheetDocument))
    signature: Mapped[SignatureDocument | None] = mapped_column(stored(SignatureDocument))

    @staticmethod
    def identity(loan_id: str, kind: LoanSheetKind) -> str:
        """The id of that sheet of the loan."""
        return derived_id("loan_sheet", loan_id, kind)

    @property
    def damages(self) -> list[Damage]:
        """The damage on it, as it is answered."""
        return [Damage(panel=one.panel, damage=one.damage, note=one.note) for one in self.document.damages]

    def describe(self) -> contract.LoanSheet:
        """The sheet as it is answered."""
        kept = self.document
        return contract.LoanSheet(
            sheet=kept.sheet,
            driver=kept.driver,
            licence_number=kept.licence_number,
            mileage=kept.mileage,
            mileage_reason=kept.mileage_reason,
            fuel_eighths=kept.fuel_eighths,
            damages=self.damages,
            remarks=kept.remarks,
            recorded_by=kept.recorded_by,
            recorded_at=kept.recorded_at,
            document_hash=kept.fingerprint,
            signature=None if self.signature is None else Signature(**self.signature.shown_with(kept)),
        )
