"""The completion certificate (竣工出厂合格证, Rule W32): one that counts of each delivery of an order, numbered without a gap."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, DealerOwned, Document, IdType, SignatureDocument, Work, belongs_to, derived_id, stored
from contracts.signing import Signature
from contracts.workshop import completion as contract
from contracts.workshop.comeback import WorkClass
from contracts.workshop.completion_events import CompletionCertified
from services.workshop.model import Base, never_changed
from services.workshop.order.mileage import last_mileage
from services.workshop.order.work_order import WorkOrder


class CompletionSeries(DealerOwned, Base):
    """How far the dealer has counted in one year. Locked until the transaction ends: what is rolled back is counted again."""

    __tablename__ = "completion_series"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class CompletionDocument(Document, version=2, upcasters={1: dict}):
    """What the inspector signs. Before version 2 it did not say what the odometer showed."""

    work_order_id: str
    order_number: str
    number: str
    revision: int
    plate: str
    vin: str
    make: str
    model: str
    customer_name: str
    work_classes: list[WorkClass]
    issued_by: str
    issued_at: datetime
    mileage: int | None = None


@never_changed
class CompletionCertificate(Aggregate, Base):
    """One certificate; its id follows from order, revision and attempt: those before it are void."""

    __tablename__ = "completion_certificate"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        UniqueConstraint("dealer_id", "work_order_id", "revision", "attempt", name="completion_certificate_attempt_key"),
        UniqueConstraint("dealer_id", "year", "sequence_number"),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    revision: Mapped[int]
    attempt: Mapped[int]
    year: Mapped[int]
    sequence_number: Mapped[int]
    document: Mapped[CompletionDocument] = mapped_column(stored(CompletionDocument))
    signature: Mapped[SignatureDocument] = mapped_column(stored(SignatureDocument))

    @classmethod
    def issue(cls, work: Work, order: WorkOrder, classes: list[WorkClass]) -> "CompletionCertificate":
        """The next number of the dealer's local year, signed by the account of whoever issues it, where none counts."""
        local, revision = work.profile.local(work.now), order.revision + 1
        earlier = select(cls.attempt).where(cls.work_order_id == order.id, cls.revision == revision)
        attempt = max(work.all(earlier), default=0) + 1
        series = work.lock_or_create(CompletionSeries, {"year": local.year}, last=0)
        series.last += 1
        document = CompletionDocument(
            work_order_id=order.id,
            order_number=order.number,
            number=f"CC-{local.year:04d}-{series.last:06d}",
            revision=revision,
            plate=order.vehicle["plate"],
            vin=order.vehicle["vin"],
            make=order.vehicle["make"],
            model=order.vehicle["model"],
            customer_name=order.customer["name"],
            work_classes=classes,
            issued_by=work.actor,
            issued_at=work.now,
            mileage=last_mileage(work, order.vehicle_facts),
        )
        issued = cls(
            id=derived_id("completion_certificate", order.id, revision, attempt),
            visit_id=order.visit_id,
            work_order_id=order.id,
            revision=revision,
            attempt=attempt,
            year=local.year,
            sequence_number=series.last,
            document=document,
            signature=SignatureDocument.of_account(document, by=work.actor, at=work.now),
        )
        told = CompletionCertified(
            work_order_id=order.id, number=document.number, revision=revision, issued_by=work.actor, issued_at=work.now
        )
        issued.announce(told)
        return issued

    def describe(self, void: contract.VoidNote | None = None) -> contract.CompletionCertificate:
        """The certificate as it was signed; `void` if it does not count any more."""
        return contract.CompletionCertificate.load(
            {
                "id": self.id,
                **self.document.dump(),
                "document_hash": self.document.fingerprint,
                "signature": Signature(**self.signature.shown_with(self.document)).dump(),
                "void": None if void is None else void.dump(),
            }
        )
