"""A call to make (Rules B5 and B7, docs/domain.md): a customer did not come, or was promised a call-back."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Refused, derived_id
from contracts.booking.events import AppointmentFacts
from contracts.crm import call as contract
from contracts.crm.call import CallKind, CallOutcome, CallState, PromiseCallBack
from contracts.crm.events import CallClosed, CallEscalated, CallOpened
from services.crm.customer.caller import Caller
from services.crm.customer.calling import TAKEN, Called
from services.crm.customer.customer import Customer, as_filed
from services.crm.model import Base


class Call(Called, Base):
    """Somebody calls the customer: open -> done | settled -> open, where it did not stay so.

    There is one for each time that was missed, and for each promise.

    A promise that is not kept by its time escalates once, and is still to be kept.
    """

    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("dealer_id", "kind", "appointment_id", "missed_at", name="call_occasion_key"),
        Index("call_state_ix", "dealer_id", "state", "opened_at", "id"),
        Index("call_due_ix", "dealer_id", "kind", "state", "due_at", "id"),
        Index("call_kind_ix", "dealer_id", "kind", "state", "opened_at", "id"),
        Index("call_opened_ix", "dealer_id", "opened_at", "id"),
        Index("call_customer_ix", "dealer_id", "customer_id", "opened_at"),
        Index("call_closed_ix", "dealer_id", "closed_at"),
        Index("call_updated_ix", "dealer_id", "updated_at", "id"),
        Index("call_taken_ix", "dealer_id", "customer_id", postgresql_where=TAKEN, sqlite_where=TAKEN),
    )

    kind: Mapped[CallKind] = mapped_column(String(10))
    state: Mapped[CallState] = mapped_column(String(8))
    appointment_id: Mapped[str | None] = mapped_column(IdType)
    missed_at: Mapped[datetime | None]
    customer_id: Mapped[str | None] = mapped_column(IdType)
    customer_name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(30))
    vehicle_id: Mapped[str | None] = mapped_column(IdType)
    plate: Mapped[str | None] = mapped_column(String(16))
    complaint: Mapped[str | None] = mapped_column(String(4000))
    advisor: Mapped[str | None] = mapped_column(String(64))
    about: Mapped[str | None] = mapped_column(String(500))
    due_at: Mapped[datetime | None]
    assignee: Mapped[str | None] = mapped_column(String(64))
    promised_by: Mapped[str | None] = mapped_column(String(64))
    escalated_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    outcome: Mapped[CallOutcome | None] = mapped_column(String(12))
    note: Mapped[str | None] = mapped_column(String(500))
    agent: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[datetime | None]
    if TYPE_CHECKING:  # mapped below, where the class is known
        name_now: Mapped[str | None]
        phone_now: Mapped[str | None]

    @staticmethod
    def id_for(appointment_id: str, missed_at: datetime) -> str:
        """The id of the call for this missed time: it has one, however often it is heard of."""
        return derived_id(appointment_id, "no_show", missed_at.isoformat())

    @classmethod
    def no_show(cls, missed: AppointmentFacts, *, at: datetime, visit_id: str | None) -> "Call":
        """The customer did not come at that time."""
        call = cls(
            id=cls.id_for(missed.appointment_id, missed.starts_at),
            visit_id=visit_id,
            kind="no_show",
            state="open",
            appointment_id=missed.appointment_id,
            missed_at=missed.starts_at,
            customer_id=missed.customer.customer_id,
            customer_name=missed.customer.name,
            phone=missed.customer.phone,
            vehicle_id=missed.vehicle.vehicle_id,
            plate=missed.vehicle.plate,
            complaint=missed.complaint,
            advisor=missed.advisor,
            opened_at=at,
        )
        return call._opened()

    @classmethod
    def call_back(cls, command: PromiseCallBack, caller: Caller, *, due_at: datetime, at: datetime, by: str) -> "Call":
        """The customer was promised a call by then."""
        call = cls(
            kind="call_back",
            state="open",
            customer_id=caller.customer_id,
            customer_name=caller.name,
            phone=caller.phone,
            plate=command.plate,
            about=command.about,
            due_at=due_at,
            assignee=command.assignee,
            promised_by=by,
            opened_at=at,
        )
        return call._opened()

    @staticmethod
    def id_of_parts(work_order_id: str, here_at: datetime) -> str:
        """The id of the call about an order's parts that are all here since then: it has one, however often it is heard of."""
        return derived_id(work_order_id, "parts_here", here_at.isoformat())

    @classmethod
    def parts_came(
        cls,
        id_: str,
        *,
        customer_id: str,
        name: str,
        phone: str,
        plate: str,
        about: str,
        due_at: datetime,
        at: datetime,
        visit_id: str | None,
    ) -> "Call":
        """What was ordered for the customer is here: they are called by then (Rule P5)."""
        call = cls(
            id=id_,
            visit_id=visit_id,
            kind="call_back",
            state="open",
            customer_id=customer_id,
            customer_name=name,
            phone=phone,
            plate=plate,
            about=about,
            due_at=due_at,
            opened_at=at,
        )
        return call._opened()

    def escalate(self, *, at: datetime) -> None:
        """The time that was promised is over, and nobody has called: told once."""
        assert self.due_at is not None, "only what was promised escalates"
        self.escalated_at = at
        self.announce(
            CallEscalated(call_id=self.id, due_at=self.due_at, customer_name=self.customer_name, assignee=self.assignee)
        )

    def complete(self, outcome: CallOutcome, *, at: datetime, by: str, note: str | None) -> None:
        """The customer was called. Raises Refused if that is not needed any more, or somebody else is at it."""
        self.require_open()
        self.leave(by=by, at=at)
        self.outcome, self.note, self.agent = outcome, note, by
        self._close("done", at)

    def settle(self, *, at: datetime) -> None:
        """It took care of itself, unless somebody has called already."""
        if self.state == "open":
            self._close("settled", at)

    def open_again(self, about: str, *, due_at: datetime, at: datetime) -> None:
        """It did not stay so that nobody need call: they are called by then, about that."""
        self.state, self.closed_at, self.escalated_at = "open", None, None
        self.about, self.due_at, self.opened_at = about, due_at, at
        self._opened()

    def describe(self) -> contract.Call:
        """The call as it is answered."""
        return contract.Call(
            id=self.id,
            version=self.version,
            updated_at=self.updated_at,
            kind=self.kind,
            state=self.state,
            appointment_id=self.appointment_id,
            missed_at=self.missed_at,
            customer_id=self.customer_id,
            customer_name=self.name_now or self.customer_name,
            phone=self.phone_now or self.phone,
            vehicle_id=self.vehicle_id,
            plate=self.plate,
            complaint=self.complaint,
            advisor=self.advisor,
            about=self.about,
            due_at=self.due_at,
            assignee=self.assignee,
            promised_by=self.promised_by,
            escalated_at=self.escalated_at,
            opened_at=self.opened_at,
            outcome=self.outcome,
            note=self.note,
            agent=self.agent,
            caller=self.caller,
            calling_until=self.calling_until,
            closed_at=self.closed_at,
        )

    def require_open(self) -> None:
        """Raises Refused once somebody has called, or that is not needed any more."""
        if self.state != "open":
            raise Refused("call_closed")

    def _opened(self) -> "Call":
        self.announce(
            CallOpened(
                call_id=self.id,
                kind=self.kind,
                appointment_id=self.appointment_id,
                missed_at=self.missed_at,
                customer_id=self.customer_id,
                due_at=self.due_at,
            )
        )
        return self

    def _close(self, state: CallState, at: datetime) -> None:
        self.state, self.closed_at = state, at
        self.caller = self.calling_until = None
        self.announce(CallClosed(call_id=self.id, kind=self.kind, appointment_id=self.appointment_id, outcome=self.outcome))


Call.name_now = as_filed(Call, Customer.name)
Call.phone_now = as_filed(Call, Customer.phone)
