"""Customers, as crm announced them."""

from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Projection, document
from contracts.shared import CustomerFacts
from services.workshop.model import Base


class KnownCustomer(Projection, Base):
    """A customer's file as crm last announced it."""

    __tablename__ = "known_customer"

    facts: Mapped[dict[str, Any]] = mapped_column(document)
    name_forms: Mapped[str] = mapped_column(Text)
    phone_key: Mapped[str] = mapped_column(String(40))

    @property
    def customer(self) -> CustomerFacts:
        """The file."""
        return CustomerFacts.load(self.facts)
