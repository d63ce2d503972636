"""An enquiry (咨询): question, answer, and by whom and when (Rule B13, docs/domain.md)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Refused, document
from contracts.crm import enquiry as contract
from contracts.crm.enquiry import EnquiryState, HandOn, ReceiveEnquiry
from contracts.crm.events import EnquiryAnswered, EnquiryEscalated, EnquiryHandedOn, EnquiryReceived
from contracts.shared import Channel
from services.crm.customer.caller import Asker
from services.crm.customer.customer import Customer, as_filed
from services.crm.model import Base


class Enquiry(Aggregate, Base):
    """Somebody wants to know something: open -> answered. Late it escalates once, and is still to be answered."""

    __tablename__ = "enquiry"
    __table_args__ = (
        Index("enquiry_due_ix", "dealer_id", "state", "due_at", "id"),
        Index("enquiry_state_ix", "dealer_id", "state", "received_at", "id"),
        Index("enquiry_received_ix", "dealer_id", "received_at", "id"),
        Index("enquiry_assignee_ix", "dealer_id", "assignee", "received_at", "id"),
        Index("enquiry_customer_ix", "dealer_id", "customer_id", "received_at"),
        Index("enquiry_updated_ix", "dealer_id", "updated_at", "id"),
    )

    state: Mapped[EnquiryState] = mapped_column(String(10))
    customer_id: Mapped[str | None] = mapped_column(IdType)
    customer_name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(30))
    email: Mapped[str | None] = mapped_column(String(120))
    wechat: Mapped[str | None] = mapped_column(String(64))
    channel: Mapped[Channel] = mapped_column(String(10))
    plate: Mapped[str | None] = mapped_column(String(16))
    question: Mapped[str] = mapped_column(String(2000))
    received_at: Mapped[datetime]
    received_by: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime]
    assignee: Mapped[str | None] = mapped_column(String(64))
    hand_ons: Mapped[list[dict[str, Any]]] = mapped_column(document)
    escalated_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(String(2000))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(String(64))
    if TYPE_CHECKING:  # mapped below, where the class is known
        name_now: Mapped[str | None]
        phone_now: Mapped[str | None]
        email_now: Mapped[str | None]

    @classmethod
    def receive(cls, command: ReceiveEnquiry, asker: Asker, *, due_at: datetime, at: datetime, by: str) -> "Enquiry":
        """Somebody asked, and is answered by then; who has a file is reached as it says."""
        enquiry = cls(
            state="open",
            customer_id=asker.customer_id,
            customer_name=asker.name,
            phone=command.phone,
            email=command.email,
            wechat=command.wechat,
            channel=asker.channel,
            plate=command.plate,
            question=command.question,
            received_at=at,
            received_by=by,
            due_at=due_at,
            assignee=command.assignee,
            hand_ons=[],
        )
        enquiry.announce(
            EnquiryReceived(enquiry_id=enquiry.id, customer_id=enquiry.customer_id, due_at=due_at, assignee=command.assignee)
        )
        return enquiry

    def hand_on(self, to: str, note: str | None, *, at: datetime, by: str) -> None:
        """A colleague sees to it from now on; who asked waits since they asked. Raises Refused if that one has it already."""
        self._must_be_open()
        if to == self.assignee:
            raise Refused("assigned_already", field="to", name=to)
        self.hand_ons = [*self.hand_ons, HandOn(at=at, by=by, before=self.assignee, to=to, note=note).dump()]
        before, self.assignee = self.assignee, to
        self.announce(EnquiryHandedOn(enquiry_id=self.id, before=before, to=to, by=by))

    def reply(self, answer: str, *, at: datetime, by: str) -> None:
        """They know what they wanted to know. Raises Refused if somebody has answered already."""
        self._must_be_open()
        self.state, self.answer, self.answered_at, self.answered_by = "answered", answer, at, by
        self.announce(EnquiryAnswered(enquiry_id=self.id, customer_id=self.customer_id, answered_at=at, due_at=self.due_at))

    def escalate(self, *, at: datetime) -> None:
        """The time is over and nobody has answered: told once."""
        self.escalated_at = at
        self.announce(
            EnquiryEscalated(enquiry_id=self.id, due_at=self.due_at, customer_name=self.customer_name, assignee=self.assignee)
        )

    def describe(self) -> contract.Enquiry:
        """The enquiry as it is answered."""
        return contract.Enquiry(
            id=self.id,
            version=self.version,
            updated_at=self.updated_at,
            state=self.state,
            customer_id=self.customer_id,
            customer_name=self.name_now or self.customer_name,
            phone=self.phone_now or self.phone,
            email=self.email_now or self.email,
            wechat=self.wechat,
            channel=self.channel,
            plate=self.plate,
            question=self.question,
            received_at=self.received_at,
            received_by=self.received_by,
            due_at=self.due_at,
            assignee=self.assignee,
            hand_ons=[HandOn.load(one) for one in self.hand_ons],
            escalated_at=self.escalated_at,
            answer=self.answer,
            answered_at=self.answered_at,
            answered_by=self.answered_by,
        )

    def _must_be_open(self) -> None:
        if self.state != "open":
            raise Refused("enquiry_answered", by=self.answered_by)


Enquiry.name_now = as_filed(Enquiry, Customer.name)
Enquiry.phone_now = as_filed(Enquiry, Customer.phone)
Enquiry.email_now = as_filed(Enquiry, Customer.email)
