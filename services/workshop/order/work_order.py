"""The work order (任务委托书): the root of everything that is done to one car in one visit, from opening to handing over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Enum, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, IdType, Invalid, NotFound, Refused, document
from contracts.shared import PLATE, CustomerFacts, DeliveredLine, Payer, PayerParty, TaxMode, VehicleFacts
from contracts.workshop import order
from contracts.workshop.comeback import TestDriveOutcome
from contracts.workshop.damage import Panel
from contracts.workshop.events import WorkOrderOpened
from contracts.workshop.isolation import HighVoltage
from services.workshop.model import Base
from services.workshop.order.acceptance import AcceptanceNote
from services.workshop.order.comeback_note import ComebackNote, is_high_voltage
from services.workshop.order.core_charge import with_core_charges
from services.workshop.order.due import Due
from services.workshop.order.job import JobNote, record_job, require_job, says_coverage_only
from services.workshop.order.line import Kind, OrderLine, State
from services.workshop.order.pre_delivery import PreDeliveryNote
from services.workshop.order.reversal import ReversalNote
from services.workshop.order.status import TRANSITIONS, Status, Transition, refused_in
from services.workshop.order.view import answer_of

MOST_LINES = 200
NOT_VOID: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("status <> 'void'"))
DAMAGED: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("new_damage_at IS NOT NULL"))
DELIVERED: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("delivered_at IS NOT NULL"))
UNSEEN: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("answered_at IS NOT NULL"))


class WorkOrder(Aggregate, Due, Base):
    """A work order. `revision` counts its deliveries; currency and tax mode are the dealer's at opening.

    `customer` and `vehicle` are the facts as their files are, until it is closed or void. `consent_minor` is the amount up to
    which `consent_name` wants to be spared a call (Rule W7). `hands` recorded parts or had it begun, and do not inspect it.
    `damaged` are the panels with damage of the walk-around, `new_damage` what an inspection found beside it, `new_damage_at`
    when, until the car is delivered. `answered_at`: when the customer decided by a link, until somebody has seen it (Rule W8).
    """

    __tablename__ = "work_order"
    __table_args__ = (
        UniqueConstraint("dealer_id", "number"),
        Index("work_order_dealer_id_appointment_id_key", "dealer_id", "appointment_id", unique=True, **NOT_VOID),
        Index("work_order_unseen_answer", "dealer_id", "answered_at", "id", **UNSEEN),
        Index("work_order_new_damage", "dealer_id", "new_damage_at", "id", **DAMAGED),
        Index("work_order_delivered_ix", "dealer_id", "delivered_at", "id", **DELIVERED),
        Index(None, "dealer_id", "status"),
        Index(None, "dealer_id", "plate_key"),
        Index(None, "dealer_id", "vehicle_id"),
        Index(None, "dealer_id", "customer_id"),
        Index(None, "dealer_id", "updated_at", "id"),
        Index(None, "dealer_id", "opened_at", "id"),
        Index(None, "dealer_id", "advisor", "opened_at", "id"),
        Index(None, "dealer_id", "technician", "opened_at", "id"),
    )

    number: Mapped[str] = mapped_column(String(20))
    status: Mapped[Status] = mapped_column(Enum(Status, native_enum=False, length=20, values_callable=list))
    appointment_id: Mapped[str | None] = mapped_column(IdType)
    customer: Mapped[dict[str, Any]] = mapped_column(document)
    vehicle: Mapped[dict[str, Any]] = mapped_column(document)
    customer_id: Mapped[str] = mapped_column(IdType)
    vehicle_id: Mapped[str] = mapped_column(IdType)
    plate_key: Mapped[str] = mapped_column(String(16))
    complaint: Mapped[str] = mapped_column(String(4000))
    advisor: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]
    currency: Mapped[str] = mapped_column(String(3))
    tax_mode: Mapped[TaxMode] = mapped_column(String(10))
    jobs: Mapped[list[JobNote]] = mapped_column(document)
    lines_numbered: Mapped[int]
    estimate_version: Mapped[int]
    consent_name: Mapped[str | None] = mapped_column(String(120))
    consent_minor: Mapped[int]
    technician: Mapped[str | None] = mapped_column(String(64))
    team_id: Mapped[str | None] = mapped_column(IdType)
    team_name: Mapped[str | None] = mapped_column(String(60))
    bay: Mapped[str | None] = mapped_column(String(20))
    dispatched_at: Mapped[datetime | None]
    hands: Mapped[list[str]] = mapped_column(document)
    hold_reason: Mapped[order.HoldReason | None] = mapped_column(String(30))
    held_at: Mapped[datetime | None]
    team_checked_by: Mapped[str | None] = mapped_column(String(64))
    quality_passed_by: Mapped[str | None] = mapped_column(String(64))
    quality_findings: Mapped[str | None] = mapped_column(String(1000))
    rework_count: Mapped[int]
    opening_mileage: Mapped[int | None]
    mileage: Mapped[int | None]
    delivered_at: Mapped[datetime | None]
    delivery_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    departure: Mapped[dict[str, Any] | None] = mapped_column(document)
    revision: Mapped[int]
    reversal: Mapped[ReversalNote | None] = mapped_column(document)
    parties: Mapped[list[dict[str, Any]]] = mapped_column(document)
    walk_around_version: Mapped[int]
    keys_received: Mapped[int | None]
    comeback: Mapped[ComebackNote | None] = mapped_column(document)
    damaged: Mapped[list[Panel]] = mapped_column(document)
    new_damage: Mapped[list[dict[str, Any]]] = mapped_column(document)
    new_damage_at: Mapped[datetime | None]
    acceptance: Mapped[AcceptanceNote | None] = mapped_column(document)
    recommendations: Mapped[list[dict[str, Any]]] = mapped_column(document)
    test_drive: Mapped[TestDriveOutcome | None] = mapped_column(String(10))
    pre_delivery: Mapped[PreDeliveryNote | None] = mapped_column(document)
    answered_at: Mapped[datetime | None]
    high_voltage: Mapped[HighVoltage | None] = mapped_column(String(10))

    lines: Mapped[list[OrderLine]] = relationship(
        OrderLine, lazy="select", order_by=OrderLine.number, cascade="all, delete-orphan"
    )

    @classmethod
    def open(
        cls,
        *,
        number: str,
        visit_id: str,
        customer: CustomerFacts,
        vehicle: VehicleFacts,
        complaint: str,
        advisor: str,
        at: datetime,
        currency: str,
        tax_mode: TaxMode,
        appointment_id: str | None = None,
        mileage: int | None = None,
        mileage_reason: str | None = None,
    ) -> "WorkOrder":
        """Take the customer's order for their car; the complaint is its first job."""
        opened = cls(
            number=number,
            status=Status.OPEN,
            visit_id=visit_id,
            appointment_id=appointment_id,
            customer=customer.dump(),
            customer_id=customer.customer_id,
            vehicle=vehicle.dump(),
            vehicle_id=vehicle.vehicle_id,
            plate_key=PLATE.key(vehicle.plate),
            complaint=complaint,
            advisor=advisor,
            opened_at=at,
            currency=currency,
            tax_mode=tax_mode,
            jobs=record_job([], 1, complaint=complaint),
            lines_numbered=0,
            estimate_version=0,
            consent_minor=0,
            hands=[],
            rework_count=0,
            opening_mileage=mileage,
            revision=0,
            parties=[],
            walk_around_version=0,
            **{name: [] for name in ("damaged", "new_damage", "recommendations")},
        )
        opened.announce(
            WorkOrderOpened(
                work_order_id=opened.id,
                number=number,
                appointment_id=appointment_id,
                customer=customer,
                vehicle=vehicle,
                complaint=complaint,
                mileage=mileage,
                mileage_reason=mileage_reason,
            )
        )
        return opened

    def require(self, transition: Transition) -> Status:
        """Where the transition leads from here. Raises Refused when it does not exist (Rule W14)."""
        refusal = refused_in(self.status, transition)
        if refusal is not None:
            raise refusal
        return TRANSITIONS[transition][self.status]

    def take(self, transition: Transition) -> None:
        """Go where the transition leads; the status changes in no other way. Raises as `require` does."""
        self.status = self.require(transition)

    def record_job(self, number: int, **said: Any) -> None:
        """Write down what is said of a job (Rules W4, W25), as `record_job` of its module takes it.

        Who covers it, and that the customer was told, until the delivery; all else until the inspection.
        """
        self.require(Transition.SAY_COVERAGE)
        told = record_job(self.jobs, number, **said)
        if not says_coverage_only(self.jobs, told):
            self.require(Transition.RECORD_JOB)
        self.jobs = told

    def add_lines(self, lines: Sequence[OrderLine]) -> None:
        """More lines, until the customer has approved something. A pending estimate lapses: it no longer shows everything."""
        self.require(Transition.ADD_LINES)
        if any(line.approved for line in self.lines):
            raise Refused("already_approved")
        self.append(lines)
        for line in self.lines:
            if line.state is State.QUOTED:
                line.withdraw_quote()

    def remove_line(self, line_id: str) -> None:
        """Take away an undecided line; the lines quoted together with it want a new estimate."""
        self.require(Transition.REMOVE_LINE)
        line = self.line(line_id)
        if not line.undecided:
            raise Refused("line_decided", line=line.number, state=line.state.value)
        for one in with_core_charges([line], self.lines):
            self.lines.remove(one)
        self.lapse(line.estimate_version)

    def lapse(self, estimate_version: int | None) -> None:
        """What that version shows is no longer so: what is still quoted in it wants a new estimate."""
        for line in self.lines:
            if line.state is State.QUOTED and line.estimate_version == estimate_version:
                line.withdraw_quote()

    def append(self, lines: Sequence[OrderLine]) -> None:
        """Number these lines and put them behind the others. Raises Invalid for none; Refused for too many or an unknown job."""
        if not lines:
            raise Invalid.field("body", "needs_a_line")
        if len(self.lines) + len(lines) > MOST_LINES:
            raise Refused("too_many_lines", most=MOST_LINES)
        for line in lines:
            require_job(self.jobs, line.job)
            self.lines_numbered += 1
            line.number = self.lines_numbered
            self.high_voltage = self.high_voltage or ("live" if is_high_voltage(line.repair) else None)
            self.lines.append(line)

    def know(self, customer: dict[str, Any], vehicle: dict[str, Any]) -> None:
        """Customer and vehicle as their files are now: nobody calls an old number, or writes an old name, address or plate."""
        self.customer, self.vehicle, self.plate_key = customer, vehicle, PLATE.key(vehicle["plate"])

    def see_answer(self) -> None:
        """Somebody of the staff knows what the customer decided by a link."""
        self.answered_at = None

    def name_payer(self, named: PayerParty) -> None:
        """This party stands behind the payer: its invoice is made out to it."""
        self.unname_payer(named.payer)
        self.parties = [*self.parties, named.dump()]

    def unname_payer(self, payer: Payer) -> None:
        """Nobody in particular stands behind the payer."""
        self.require(Transition.NAME_PAYER)
        self.parties = [one for one in self.parties if one["payer"] != payer]

    def line(self, line_id: str) -> OrderLine:
        """The line with that id. Raises NotFound."""
        found = next((line for line in self.lines if line.id == line_id), None)
        if found is None:
            raise NotFound("not_found", kind="order_line", id=line_id)
        return found

    @property
    def customer_facts(self) -> CustomerFacts:
        """The customer, as last known here."""
        return CustomerFacts(**self.customer)

    @property
    def vehicle_facts(self) -> VehicleFacts:
        """The vehicle, as last known here."""
        return VehicleFacts(**self.vehicle)

    @property
    def payer_parties(self) -> list[PayerParty]:
        """Who stands behind payers of this order."""
        return [PayerParty.load(one) for one in self.parties]

    @property
    def on_the_car(self) -> list[OrderLine]:
        """Approved and installed: the only lines that are ever billed (Rule W8)."""
        return [line for line in self.lines if line.on_the_car]

    @property
    def to_compare(self) -> list[Panel]:
        """The panels that had damage before the final inspection: of the walk-around, the acceptance, an inspection before."""
        more = [*(self.acceptance["new_damages"] if self.acceptance else ()), *self.new_damage]
        return sorted({*self.damaged, *(one["panel"] for one in more)})

    @property
    def declined(self) -> list[OrderLine]:
        """Work the customer did not want."""
        return [line for line in self.lines if line.state is State.DECLINED and line.kind is not Kind.CORE_CHARGE]

    def delivered_lines(self) -> list[DeliveredLine]:
        """What is on the car, as the customer accepts it."""
        return [line.delivered(self.currency) for line in self.on_the_car]

    def describe(self) -> order.WorkOrder:
        """The order as commands and queries answer it."""
        return answer_of(self)
