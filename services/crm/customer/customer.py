"""The customer's file (Rule C1, docs/domain.md)."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import Boolean, Index, String, Time, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, Entity, IdType, Invalid, Work, belongs_to
from contracts.crm import customer as customer_contract
from contracts.crm.customer import ChangeCustomer, ConsentChange, ConsentPurpose, RegisterCustomer
from contracts.crm.events import CustomerRecorded
from contracts.shared import Channel, CustomerFacts
from services.crm.domain.model import Base

_PHONE_NOISE = str.maketrans("", "", " -()/.\t\n")


def normal_phone(text: str) -> str:
    """The phone number as it is stored and searched: without what people put between the digits."""
    return text.translate(_PHONE_NOISE)


class Consent(Entity, Base):
    """One thing the customer said about one purpose on one channel. Kept for ever: it is the evidence."""

    __tablename__ = "consent"
    __table_args__ = (belongs_to("customer", "customer_id"), Index(None, "dealer_id", "customer_id"))

    customer_id: Mapped[str] = mapped_column(IdType)
    purpose: Mapped[ConsentPurpose] = mapped_column(String(20))
    channel: Mapped[Channel] = mapped_column(String(10))
    granted: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(80))


class Customer(Aggregate, Base):
    """A person or company whose cars the dealer looks after."""

    __tablename__ = "customer"
    __table_args__ = (Index("customer_phone_ix", "dealer_id", "phone", postgresql_ops={"phone": "text_pattern_ops"}),)

    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(30))
    email: Mapped[str | None] = mapped_column(String(120))
    preferred_channel: Mapped[Channel] = mapped_column(String(10))
    preferred_time: Mapped[time | None] = mapped_column(Time)
    said: Mapped[list[Consent]] = relationship(lazy="selectin", order_by="Consent.id", cascade="all, delete-orphan")

    def record(
        self,
        *,
        name: str,
        phone: str,
        email: str | None,
        preferred_channel: Channel,
        preferred_time: time | None,
        consents: Sequence[ConsentChange],
        at: datetime,
    ) -> None:
        """Write the file; what the customer said before about consent stays as evidence, the last word counts."""
        digits = normal_phone(phone)
        if not digits:
            raise Invalid.fields({"phone": ["Must contain a number."]})
        if preferred_time is not None and preferred_time.tzinfo is not None:
            raise Invalid.fields({"preferred_time": ["Must be a local time, without a zone."]})
        self.name = name.strip()
        if not self.name:
            raise Invalid.fields({"name": ["Must not be blank."]})
        self.phone = digits
        self.email = email
        self.preferred_channel = preferred_channel
        self.preferred_time = preferred_time
        for change in consents:
            self._say(change, at)
        self.announce(CustomerRecorded(customer=self.facts()))

    def consents(self) -> list[Consent]:
        """The last word on each purpose and channel."""
        return list({(one.purpose, one.channel): one for one in self.said}.values())

    def allows(self, purpose: ConsentPurpose, channel: Channel) -> bool:
        """Whether the customer agreed; silence is no consent."""
        return any(one.granted for one in self.consents() if (one.purpose, one.channel) == (purpose, channel))

    def facts(self) -> CustomerFacts:
        """The customer as other services need to know them."""
        return CustomerFacts(
            customer_id=self.id,
            name=self.name,
            phone=self.phone,
            email=self.email,
            preferred_channel=self.preferred_channel,
        )

    def describe(self) -> customer_contract.Customer:
        """The file as it is answered."""
        return customer_contract.Customer(
            id=self.id,
            version=self.version,
            name=self.name,
            phone=self.phone,
            email=self.email,
            preferred_channel=self.preferred_channel,
            preferred_time=self.preferred_time,
            consents=[
                customer_contract.Consent(
                    purpose=one.purpose,
                    channel=one.channel,
                    granted=one.granted,
                    at=one.at,
                    source=one.source,
                )
                for one in self.consents()
            ],
        )

    def _say(self, change: ConsentChange, at: datetime) -> None:
        self.said.append(
            Consent(purpose=change.purpose, channel=change.channel, granted=change.granted, at=at, source=change.source)
        )


Index(
    "customer_name_ix",
    Customer.dealer_id,
    func.lower(Customer.name).label("lower_name"),
    postgresql_ops={"lower_name": "text_pattern_ops"},
)


def register(work: Work, command: RegisterCustomer) -> Customer:
    """Open a customer's file."""
    customer = Customer()
    work.add(customer)
    _record(work, customer, command)
    return customer


def change(work: Work, command: ChangeCustomer) -> Customer:
    """Replace the facts of a customer's file."""
    customer = work.edit(Customer, command.customer_id)
    _record(work, customer, command)
    return customer


def _record(work: Work, customer: Customer, command: RegisterCustomer | ChangeCustomer) -> None:
    customer.record(
        name=command.name,
        phone=command.phone,
        email=command.email,
        preferred_channel=command.preferred_channel,
        preferred_time=command.preferred_time,
        consents=command.consents,
        at=work.now,
    )
