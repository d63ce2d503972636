"""The customer's file (Rule C1, docs/domain.md)."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import Boolean, Index, String, Text, Time, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, column_property, mapped_column, relationship

from chassis import Aggregate, Entity, IdType, Invalid, belongs_to
from chassis.wire.phones import phone_key
from chassis.wire.searching import forms
from contracts.crm import customer as customer_contract
from contracts.crm.customer import ConsentPurpose, CustomerDetails
from contracts.crm.events import CustomerRecorded
from contracts.shared import Channel, CustomerFacts
from services.crm.model import Base


class Consent(Entity, Base):
    """What the customer allowed or forbade for one purpose on one channel. Kept for ever: it is the evidence."""

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
    __table_args__ = (Index("customer_phone_ix", "dealer_id", "phone_key"),)

    name: Mapped[str] = mapped_column(String(120))
    name_forms: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(String(30))
    phone_key: Mapped[str] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(120))
    preferred_channel: Mapped[Channel] = mapped_column(String(10))
    preferred_time: Mapped[time | None] = mapped_column(Time)
    address: Mapped[str | None] = mapped_column(String(200))
    tax_number: Mapped[str | None] = mapped_column(String(30))
    consent_history: Mapped[list[Consent]] = relationship(lazy="selectin", order_by="Consent.id", cascade="all, delete-orphan")

    def record(self, details: CustomerDetails, *, at: datetime, country: str | None) -> None:
        """Write the file. Earlier consents stay as evidence; the last one per purpose and channel counts.

        Raises Invalid for a phone that is no number of its country, by default the dealer's (ISO 3166), and for a channel that is
        preferred without its address, or a consent that is named twice.
        """
        if details.preferred_channel == "email" and details.email is None:
            raise Invalid.field("email", "needed_for_channel")
        if details.preferred_time is not None and details.preferred_time.tzinfo is not None:
            raise Invalid.field("preferred_time", "must_be_local_time")
        for index, one in enumerate(details.consents):
            if (one.purpose, one.channel) in ((other.purpose, other.channel) for other in details.consents[:index]):
                raise Invalid.field(f"consents.{index}", "named_twice")
        self.name = details.name.strip()
        self.name_forms = forms(self.name)
        self.phone, self.phone_key = details.phone, phone_key(details.phone, country)
        self.email = details.email
        self.preferred_channel = details.preferred_channel
        self.preferred_time = details.preferred_time
        self.address, self.tax_number = details.address, details.tax_number
        self.consent_history += [
            Consent(purpose=one.purpose, channel=one.channel, granted=one.granted, at=at, source=one.source)
            for one in details.consents
        ]
        self.announce(CustomerRecorded(customer=self.facts()))

    @property
    def called(self) -> tuple[str | None, str | None]:
        """What makes two files look like one person's: the name however it is written, and the number."""
        return self.name_forms, self.phone_key

    def consents(self) -> list[Consent]:
        """The last one on each purpose and channel."""
        return list({(one.purpose, one.channel): one for one in self.consent_history}.values())

    def allows(self, purpose: ConsentPurpose, channel: Channel) -> bool:
        """Whether the customer agreed; silence is no consent."""
        return any(one.granted for one in self.consents() if (one.purpose, one.channel) == (purpose, channel))

    def require_reached(self, channel: Channel) -> None:
        """Raises Invalid if the file does not say where. WeChat is found by the phone."""
        if channel == "email" and self.email is None:
            raise Invalid.field("channel", "file_lacks_its_address")

    def facts(self) -> CustomerFacts:
        """The customer as other services need to know them."""
        return CustomerFacts(
            customer_id=self.id,
            name=self.name,
            phone=self.phone,
            email=self.email,
            preferred_channel=self.preferred_channel,
            address=self.address,
            tax_number=self.tax_number,
        )

    def describe(self) -> customer_contract.Customer:
        """The file as it is answered."""
        return customer_contract.Customer(
            id=self.id,
            version=self.version,
            updated_at=self.updated_at,
            name=self.name,
            phone=self.phone,
            email=self.email,
            preferred_channel=self.preferred_channel,
            preferred_time=self.preferred_time,
            address=self.address,
            tax_number=self.tax_number,
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


def as_filed(of: Any, column: InstrumentedAttribute[Any]) -> Mapped[str | None]:
    """What a customer's file says now: looked up by its key as the row of theirs is read, so that a list is one statement."""
    of_the_file = of.dealer_id == Customer.dealer_id, of.customer_id == Customer.id
    return column_property(select(column).where(*of_the_file).correlate(of.__table__).scalar_subquery())
