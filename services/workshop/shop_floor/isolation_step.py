"""The steps of an isolation, each as it was signed (Rule W30). None is changed: the next one follows it."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Document, Entity, IdType, Quantity, SignatureDocument, belongs_to, derived_id, stored
from contracts.signing import Signature
from contracts.workshop import isolation as contract
from contracts.workshop.isolation import IsolationStepKind
from services.workshop.model import Base, never_changed


class IsolationStepDocument(Document):
    """What somebody signs of an isolation; `follows` is the hash of the step before, which they saw."""

    isolation_id: str
    work_order_id: str
    order_number: str
    step: IsolationStepKind
    signed_by: str
    signed_at: datetime
    lock_number: str
    wait_until: datetime | None = None
    volts_dc: Quantity | None = None
    volts_ac: Quantity | None = None
    gauge: str | None = None
    reason: str | None = None
    follows: str | None = None


@never_changed
class IsolationStep(Entity, Base):
    """One step."""

    __tablename__ = "isolation_step"
    __table_args__ = (belongs_to("isolation", "isolation_id"), UniqueConstraint("dealer_id", "isolation_id", "number"))

    isolation_id: Mapped[str] = mapped_column(IdType)
    number: Mapped[int]
    document: Mapped[IsolationStepDocument] = mapped_column(stored(IsolationStepDocument))
    signature: Mapped[SignatureDocument] = mapped_column(stored(SignatureDocument))

    @classmethod
    def of(cls, document: IsolationStepDocument, number: int) -> "IsolationStep":
        """Signed by the account of who did it."""
        return cls(
            id=derived_id("isolation_step", document.isolation_id, number),
            isolation_id=document.isolation_id,
            number=number,
            document=document,
            signature=SignatureDocument.of_account(document, by=document.signed_by, at=document.signed_at),
        )

    def describe(self) -> contract.IsolationStep:
        """The step as it is answered."""
        one = self.document
        return contract.IsolationStep(
            step=one.step,
            signed_by=one.signed_by,
            signed_at=one.signed_at,
            volts_dc=one.volts_dc,
            volts_ac=one.volts_ac,
            gauge=one.gauge,
            reason=one.reason,
            signature=Signature(**self.signature.shown_with(one)),
        )
