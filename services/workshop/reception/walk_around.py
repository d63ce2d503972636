"""A version of an order's walk-around, from the first look until the customer has signed it (Rule W2)."""

from dataclasses import replace

from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Refused, SignatureDocument, belongs_to, derived_id, stored
from contracts.signing import Signature
from contracts.workshop import walk_around as contract
from contracts.workshop.reception_events import WalkAroundSigned
from services.workshop.model import Base
from services.workshop.reception.walk_around_document import WalkAroundDocument


@SignatureDocument.seals
class WalkAround(Aggregate, Base):
    """One version; its id follows from order and number, so that there is one of each."""

    __tablename__ = "walk_around"
    __table_args__ = (belongs_to("work_order", "work_order_id"),)

    work_order_id: Mapped[str] = mapped_column(IdType)
    document: Mapped[WalkAroundDocument] = mapped_column(stored(WalkAroundDocument))
    signature: Mapped[SignatureDocument | None] = mapped_column(stored(SignatureDocument))

    @staticmethod
    def identity(work_order_id: str, version: int) -> str:
        """The id of that version of the order's walk-around."""
        return derived_id("walk_around", work_order_id, version)

    def sign(self, signature: SignatureDocument, vehicle_id: str) -> None:
        """The customer accepts how the car was found. Raises Refused if they did before, or were not reminded of valuables."""
        if self.signature is not None:
            raise Refused("walk_around_signed", name=self.signature.name)
        if not self.document.valuables_reminder:
            raise Refused("valuables_not_mentioned")
        self.signature = signature
        self.announce(
            WalkAroundSigned(
                work_order_id=self.work_order_id,
                walk_around_version=self.document.walk_around_version,
                mileage=self.document.mileage,
                damage_count=len(self.document.damages),
                signed_by=signature.name,
                signed_at=signature.signed_at,
                vehicle_id=vehicle_id,
                mileage_reason=self.document.mileage_reason,
            )
        )

    def know(self, customer_name: str, plate: str, vin: str) -> bool:
        """What is not signed yet says what is shown, and so what will be signed. Whether that changes it."""
        told = replace(self.document, customer_name=customer_name, plate=plate, vin=vin)
        if self.signature is not None or told == self.document:
            return False
        self.document = told
        return True

    def describe(self) -> contract.WalkAround:
        """The version as it is answered."""
        kept = self.document
        return contract.WalkAround(
            id=self.id,
            version=self.version,
            work_order_id=self.work_order_id,
            order_number=kept.order_number,
            plate=kept.plate,
            customer_name=kept.customer_name,
            walk_around_version=kept.walk_around_version,
            corrected_because=kept.corrected_because,
            recorded_by=kept.recorded_by,
            recorded_at=kept.recorded_at,
            findings=kept.findings,
            document_hash=kept.fingerprint,
            signature=None if self.signature is None else Signature(**self.signature.shown_with(kept)),
        )
