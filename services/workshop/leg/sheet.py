"""The sheet of a leg, and its signature (Rule B14, docs/domain.md)."""

from dataclasses import replace

from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, SignatureDocument, belongs_to, stored
from contracts.signing import Signature
from contracts.workshop import leg as contract
from services.workshop.leg.sheet_document import LegSheetDocument
from services.workshop.model import Base


@SignatureDocument.seals
class LegSheet(Entity, Base):
    """One sheet; its id is the leg's, so that there is one of each."""

    __tablename__ = "leg_sheet"
    __table_args__ = (belongs_to("leg", "id"),)

    document: Mapped[LegSheetDocument] = mapped_column(stored(LegSheetDocument))
    signature: Mapped[SignatureDocument | None] = mapped_column(stored(SignatureDocument))

    def know(self, customer_name: str, plate: str) -> None:
        """What is not signed yet says what is shown, and so what will be signed; what was signed stays."""
        if self.signature is None:
            self.document = replace(self.document, customer_name=customer_name, plate=plate)

    def describe(self) -> contract.LegSheet:
        """The sheet as it is answered."""
        kept = self.document
        return contract.LegSheet(
            keys=kept.keys,
            registration=kept.registration,
            service_book=kept.service_book,
            mileage=kept.mileage,
            mileage_reason=kept.mileage_reason,
            fuel_eighths=kept.fuel_eighths,
            remarks=kept.remarks,
            recorded_by=kept.recorded_by,
            recorded_at=kept.recorded_at,
            document_hash=kept.fingerprint,
            signature=None if self.signature is None else Signature(**self.signature.shown_with(kept)),
        )
