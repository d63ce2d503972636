"""Checks as they were recorded and signed (Rule W11): self-check, team leader's, final. None is edited: the next is another."""

from collections.abc import Collection
from dataclasses import field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Document, Entity, IdType, SignatureDocument, Work, belongs_to, document, stored
from chassis.wire import Part
from contracts.shared import LineKind
from contracts.signing import Signature
from contracts.workshop import shop_floor
from contracts.workshop.comeback import ComebackCause
from contracts.workshop.damage import Damage, DamageKind, Panel
from contracts.workshop.final_inspection import Fuel
from contracts.workshop.quality import Stage
from services.workshop.model import Base, never_changed
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.final_inspection import KeptSheet


class InspectedLine(Part):
    """A line as it was inspected."""

    number: int
    kind: LineKind
    description: str
    safety: bool = False


class DamageSeen(Part):
    """Damage that was not there before."""

    panel: Panel
    damage: DamageKind
    note: str | None = None


class InspectionDocument(Document, version=2, upcasters={1: dict}):
    """What is signed at one of the stages: which work was found how, and what is to be redone.

    Before version 2 there were final inspections only, and no damage was compared.
    """

    work_order_id: str
    stage: Stage = "final"
    passed: bool
    inspector: str
    inspected_at: datetime
    findings: str | None = None
    rework_cause: ComebackCause | None = None
    lines: list[InspectedLine]
    rework: list[int]
    as_before: list[Panel] = field(default_factory=list)
    new_damages: list[DamageSeen] = field(default_factory=list)
    fuel: Fuel | None = None
    sheets: list[KeptSheet] = field(default_factory=list)


class Verdict(NamedTuple):
    """What is recorded of one check."""

    passed: bool
    stage: Stage = "final"
    findings: str | None = None
    cause: ComebackCause | None = None
    rework: Collection[str] = ()
    as_before: Collection[Panel] = ()
    new_damages: Collection[Damage] = ()
    fuel: Fuel | None = None
    sheets: Collection[KeptSheet] = ()


@never_changed
class Inspection(Entity, Base):
    """One check of an order, signed by the account of who recorded it.

    `technicians` worked on the car, the `responsible` of them on what is to be redone: all, if nothing is
    named. `first_time` is there for the first final inspection of an order: whether nobody had to send it back.
    """

    __tablename__ = "inspection"
    __table_args__ = (belongs_to("work_order", "work_order_id"), Index(None, "dealer_id", "inspected_at"))

    work_order_id: Mapped[str] = mapped_column(IdType, index=True)
    stage: Mapped[Stage] = mapped_column(String(11))
    passed: Mapped[bool]
    inspected_at: Mapped[datetime | None]
    rework_cause: Mapped[ComebackCause | None] = mapped_column(String(11))
    technicians: Mapped[list[str]] = mapped_column(document)
    responsible: Mapped[list[str]] = mapped_column(document)
    first_time: Mapped[bool | None]
    document: Mapped[InspectionDocument] = mapped_column(stored(InspectionDocument))
    signature: Mapped[SignatureDocument] = mapped_column(stored(SignatureDocument))

    def describe(self, inspector_name: str | None) -> shop_floor.Inspection:
        """The check as it was signed."""
        one = self.document
        lines = [shop_floor.InspectedLine(**vars(line)) for line in one.lines]
        return shop_floor.Inspection(
            stage=one.stage,
            passed=one.passed,
            inspector=one.inspector,
            inspector_name=inspector_name,
            inspected_at=one.inspected_at,
            findings=one.findings,
            rework_cause=one.rework_cause,
            lines=lines,
            rework=one.rework,
            as_before=one.as_before,
            new_damages=[Damage(**vars(damage)) for damage in one.new_damages],
            fuel=one.fuel,
            sheets=[sheet.describe() for sheet in one.sheets],
            signature=Signature(**self.signature.shown_with(one)),
        )


def known_fuel(work: Work, order: WorkOrder) -> Fuel | None:
    """What the car runs on, as the newest final inspection says that was asked for it, of whichever order of the car."""
    of_car = Inspection.work_order_id.in_(select(WorkOrder.id).where(WorkOrder.vehicle_id == order.vehicle_id))
    with work.without_autoflush():
        found = work.all(select(Inspection).where(of_car, Inspection.stage == "final").order_by(Inspection.id.desc()).limit(50))
    return next((one.document.fuel for one in found if one.document.fuel is not None), None)


def record_inspection(work: Work, order: WorkOrder, verdict: Verdict, hands: Collection[tuple[str, str]]) -> None:
    """What was found, signed by whoever is signed in. `hands` are who worked on which line, by its id."""
    document = InspectionDocument(
        work_order_id=order.id,
        stage=verdict.stage,
        passed=verdict.passed,
        inspector=work.actor,
        inspected_at=work.now,
        findings=verdict.findings,
        rework_cause=verdict.cause,
        lines=[
            InspectedLine(number=line.number, kind=line.kind.value, description=line.description, safety=line.safety)
            for line in order.lines
            if line.on_the_car
        ],
        rework=[order.line(line_id).number for line_id in verdict.rework],
        as_before=sorted(verdict.as_before),
        new_damages=[DamageSeen(**vars(one)) for one in verdict.new_damages],
        fuel=verdict.fuel,
        sheets=list(verdict.sheets),
    )
    final = Inspection.work_order_id == order.id, Inspection.stage == "final"
    first = verdict.stage == "final" and work.first(select(Inspection).where(*final)) is None
    work.add(
        Inspection(
            work_order_id=order.id,
            stage=verdict.stage,
            passed=verdict.passed,
            inspected_at=work.now,
            rework_cause=verdict.cause,
            technicians=sorted({who for _, who in hands}),
            responsible=sorted({who for line, who in hands if not verdict.rework or line in verdict.rework}),
            first_time=verdict.passed and not order.rework_count if first else None,
            document=document,
            signature=SignatureDocument.of_account(document, by=work.actor, at=work.now),
        )
    )
