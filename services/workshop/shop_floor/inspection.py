"""Final inspections as they were recorded and signed (Rule W11). None is edited: the next one is another."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from chassis import Document, Entity, IdType, SignatureDocument, Work, belongs_to, stored
from chassis.wire import Part
from contracts.shared import LineKind
from contracts.signing import Signature
from contracts.workshop import shop_floor
from services.workshop.model import Base, never_changed
from services.workshop.order.work_order import WorkOrder


class InspectedLine(Part):
    """A line as it was inspected."""

    number: int
    kind: LineKind
    description: str


class InspectionDocument(Document):
    """What an inspector signs: which work they found how, and what is to be redone."""

    work_order_id: str
    passed: bool
    inspector: str
    inspected_at: datetime
    findings: str | None = None
    lines: list[InspectedLine]
    rework: list[int]


@never_changed
class Inspection(Entity, Base):
    """One inspection of an order, signed by the account of who recorded it."""

    __tablename__ = "inspection"
    __table_args__ = (belongs_to("work_order", "work_order_id"),)

    work_order_id: Mapped[str] = mapped_column(IdType, index=True)
    document: Mapped[InspectionDocument] = mapped_column(stored(InspectionDocument))
    signature: Mapped[SignatureDocument] = mapped_column(stored(SignatureDocument))

    def describe(self, inspector_name: str | None) -> shop_floor.Inspection:
        """The inspection as it was signed."""
        one = self.document
        lines = [shop_floor.InspectedLine(number=line.number, kind=line.kind, description=line.description) for line in one.lines]
        return shop_floor.Inspection(
            passed=one.passed,
            inspector=one.inspector,
            inspector_name=inspector_name,
            inspected_at=one.inspected_at,
            findings=one.findings,
            lines=lines,
            rework=one.rework,
            signature=Signature(**self.signature.shown_with(one)),
        )


def record_inspection(work: Work, order: WorkOrder, *, passed: bool, findings: str | None, rework: Collection[str]) -> None:
    """What was found, signed by whoever is signed in."""
    document = InspectionDocument(
        work_order_id=order.id,
        passed=passed,
        inspector=work.actor,
        inspected_at=work.now,
        findings=findings,
        lines=[
            InspectedLine(number=line.number, kind=line.kind.value, description=line.description)
            for line in order.lines
            if line.on_the_car
        ],
        rework=[order.line(line_id).number for line_id in rework],
    )
    signature = SignatureDocument.of_account(document, by=work.actor, at=work.now)
    work.add(Inspection(work_order_id=order.id, document=document, signature=signature))
