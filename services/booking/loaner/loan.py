"""A loan: one car of the fleet, one customer, one stretch of time (Rule B9, docs/domain.md)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, IdType, Invalid, Refused, belongs_to, document
from chassis.wire.ahead import QUARTER
from contracts.booking import loaner as contract
from contracts.booking.events import LoanBooked, LoanCancelled, LoanerHandedOver, LoanerReturned, LoanFacts, LoanMoved
from contracts.booking.loaner import LoanSheetKind, LoanState, PlannedLoan
from contracts.shared import CustomerFacts
from contracts.workshop.damage import Damage
from services.booking.loaner.loaner_car import Loaner
from services.booking.loaner.sheet import LoanSheet
from services.booking.model import Base

LIVE: tuple[LoanState, ...] = ("booked", "handed_over")
"""The car is kept for it, or out with it."""

LONGEST = timedelta(days=QUARTER)
"""Who needs a car for longer brings it back, so that somebody looks at it, and has it lent anew."""

IS_LIVE = text("state IN ('booked', 'handed_over')")
IS_OUT = text("state = 'handed_over'")
NOT_CANCELLED = text("appointment_id IS NOT NULL AND state <> 'cancelled'")


class Loan(Aggregate, Base):
    """booked -> handed_over -> returned, or cancelled before it went out.

    That two live loans of a car never overlap, the database itself sees to (`loan_never_twice`, docs/decisions/0052).
    """

    __tablename__ = "loan"
    __table_args__ = (
        belongs_to("loaner", "loaner_id"),
        Index("loan_live_ix", "dealer_id", "loaner_id", "begins_at", postgresql_where=IS_LIVE, sqlite_where=IS_LIVE),
        Index("loan_out_key", "dealer_id", "loaner_id", unique=True, postgresql_where=IS_OUT, sqlite_where=IS_OUT),
        Index(
            "loan_appointment_key",
            "dealer_id",
            "appointment_id",
            unique=True,
            postgresql_where=NOT_CANCELLED,
            sqlite_where=NOT_CANCELLED,
        ),
        Index("loan_state_ix", "dealer_id", "state", "id"),
        Index("loan_car_ix", "dealer_id", "loaner_id", "id"),
    )

    loaner_id: Mapped[str] = mapped_column(IdType)
    state: Mapped[LoanState] = mapped_column(String(12))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    customer: Mapped[dict[str, Any]] = mapped_column(document)
    appointment_id: Mapped[str | None] = mapped_column(IdType)
    work_order_id: Mapped[str | None] = mapped_column(IdType)
    returned_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(300))
    loaner: Mapped[Loaner] = relationship(lazy="joined", innerjoin=True)
    sheets: Mapped[list[LoanSheet]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    @classmethod
    def book(
        cls,
        loaner: Loaner,
        customer: CustomerFacts,
        begins_at: datetime,
        ends_at: datetime,
        *,
        visit_id: str,
        appointment_id: str | None = None,
        work_order_id: str | None = None,
    ) -> "Loan":
        """Keep a car for a customer. The caller has seen that it is free."""
        loan = cls(
            visit_id=visit_id,
            loaner_id=loaner.id,
            loaner=loaner,
            sheets=[],
            state="booked",
            begins_at=begins_at,
            ends_at=ends_at,
            customer=customer.dump(),
            appointment_id=appointment_id,
            work_order_id=work_order_id,
        )
        loan.announce(LoanBooked(loan=loan.facts()))
        return loan

    def move(self, loaner: Loaner, begins_at: datetime, ends_at: datetime) -> None:
        """Another time or another car; of one that is out only the time of its return."""
        self.must_be(*LIVE)
        if self.state == "handed_over" and (loaner.id != self.loaner_id or begins_at != self.begins_at):
            raise Refused("loan_is_out", plate=self.loaner.plate)
        self._take(loaner, begins_at, ends_at)
        self.announce(LoanMoved(loan=self.facts()))

    def cancel(self, reason: str) -> None:
        """The customer needs no car; it has not gone out."""
        if self.state == "handed_over":
            raise Refused("loan_is_out", plate=self.loaner.plate)
        self.must_be("booked")
        self.state, self.cancelled_because = "cancelled", reason
        self.announce(LoanCancelled(loan=self.facts(), reason=reason))

    def hand_over(self, sheet: LoanSheet, *, at: datetime) -> None:
        """The customer has signed and drives off; if that is before its time, it is lent from now on."""
        if self.ends_at <= at:
            raise Refused("loan_is_over", ends_at=self.ends_at)
        self.state, self.begins_at = "handed_over", min(self.begins_at, at)
        signed, kept = _signed(sheet)
        read = {"mileage": kept.mileage, "mileage_reason": kept.mileage_reason}
        self.announce(LoanerHandedOver(loan=self.facts(), **read, driver=kept.driver, signed_by=signed))

    def come_back(self, out: LoanSheet, sheet: LoanSheet, *, at: datetime) -> None:
        """The car is here, and the customer has signed how."""
        self.state, self.returned_at = "returned", at
        signed, kept = _signed(sheet)
        self.announce(
            LoanerReturned(
                loan=self.facts(),
                mileage=kept.mileage,
                mileage_reason=kept.mileage_reason,
                driven=_driven(out, sheet) or 0,
                new_damage_count=len(_new_damages(out, sheet)),
                signed_by=signed,
            )
        )

    @property
    def moves_with_appointment(self) -> bool:
        """Whether an appointment waits for it: until its car has gone out, or the order is open."""
        return self.state == "booked" and self.appointment_id is not None and self.work_order_id is None

    def must_be(self, *states: LoanState) -> None:
        """Raises Refused if it is something else."""
        if self.state not in states:
            raise Refused("loan_not_open")

    def facts(self) -> LoanFacts:
        """The loan as others need to know it."""
        return LoanFacts(
            loan_id=self.id,
            loaner_id=self.loaner_id,
            plate=self.loaner.plate,
            customer_id=self.customer["customer_id"],
            begins_at=self.begins_at,
            ends_at=self.ends_at,
            appointment_id=self.appointment_id,
            work_order_id=self.work_order_id,
        )

    def planned(self) -> PlannedLoan:
        """The loan as the fleet shows it."""
        return PlannedLoan(
            loan_id=self.id,
            state=self.state,
            customer_name=self.customer["name"],
            phone=self.customer["phone"],
            begins_at=self.begins_at,
            ends_at=self.ends_at,
        )

    def describe(self) -> contract.Loan:
        """The loan as it is answered."""
        out, back = self.sheet("hand_over"), self.sheet("return")
        return contract.Loan(
            id=self.id,
            version=self.version,
            state=self.state,
            car=self.loaner.car,
            customer=CustomerFacts.load(self.customer),
            begins_at=self.begins_at,
            ends_at=self.ends_at,
            appointment_id=self.appointment_id,
            work_order_id=self.work_order_id,
            moves_with_appointment=self.moves_with_appointment,
            known_mileage=self.loaner.mileage,
            hand_over=None if out is None else out.describe(),
            return_sheet=None if back is None else back.describe(),
            returned_at=self.returned_at,
            driven=_driven(out, back) if out and back else None,
            new_damages=_new_damages(out, back) if out and back else [],
            cancelled_because=self.cancelled_because,
        )

    def sheet(self, kind: LoanSheetKind) -> LoanSheet | None:
        """That sheet, if it was recorded."""
        return next((one for one in self.sheets if one.document.sheet == kind), None)

    def _take(self, loaner: Loaner, begins_at: datetime, ends_at: datetime) -> None:
        if ends_at <= begins_at:
            raise Invalid.field("ends_at", "must_be_after", field="begins_at")
        self.loaner_id, self.loaner, self.begins_at, self.ends_at = loaner.id, loaner, begins_at, ends_at


def _signed(sheet: LoanSheet) -> tuple[str, Any]:
    assert sheet.signature is not None, "it is signed first"
    return sheet.signature.name, sheet.document


def _driven(out: LoanSheet, back: LoanSheet) -> int | None:
    """Nobody knows how far where the return reads less: one of the two was a slip."""
    driven = back.document.mileage - out.document.mileage
    return None if driven < 0 else driven


def _new_damages(out: LoanSheet, back: LoanSheet) -> list[Damage]:
    known = {(one.panel, one.damage) for one in out.damages}
    return [one for one in back.damages if (one.panel, one.damage) not in known]
