"""Customers, as crm announced them."""

from collections.abc import Collection

from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import NotYetKnown, Projection, Work
from contracts.shared import Channel, CustomerFacts
from services.booking.model import Base


class KnownCustomer(Projection, Base):
    """A customer of crm's."""

    __tablename__ = "known_customer"
    __table_args__ = (Index("known_customer_phone_ix", "dealer_id", "phone_key"),)

    name: Mapped[str] = mapped_column(String(120))
    name_forms: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(String(30))
    phone_key: Mapped[str] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(120))
    preferred_channel: Mapped[Channel] = mapped_column(String(10))

    def facts(self) -> CustomerFacts:
        """The customer as appointments carry them."""
        return CustomerFacts(
            customer_id=self.id, name=self.name, phone=self.phone, email=self.email, preferred_channel=self.preferred_channel
        )


def known_customer(work: Work, customer_id: str) -> CustomerFacts:
    """The customer. Raises NotYetKnown until crm's event has come; another dealer's customer never becomes known."""
    found = work.find(KnownCustomer, customer_id)
    if found is None:
        raise NotYetKnown.reference("customer_id", customer_id)
    return found.facts()


def known_customers(work: Work, ids: Collection[str]) -> dict[str, KnownCustomer]:
    """Customers as their files are now: whoever calls them wants the phone of today, not the one of the day they booked."""
    return {one.id: one for one in work.all(select(KnownCustomer).where(KnownCustomer.id.in_(ids)))} if ids else {}
