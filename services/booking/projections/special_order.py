"""Special orders (客户订件) for appointments, as parts announced them."""

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Projection, document
from contracts.parts.events import SpecialOrderFacts
from services.booking.model import Base


class KnownSpecialOrder(Projection, Base):
    """A special order of parts', open or not."""

    __tablename__ = "known_special_order"
    __table_args__ = (Index("known_special_order_appointment_ix", "dealer_id", "appointment_id"),)

    appointment_id: Mapped[str] = mapped_column(IdType)
    facts: Mapped[dict[str, Any]] = mapped_column(document)

    @property
    def special_order(self) -> SpecialOrderFacts:
        """The special order."""
        return SpecialOrderFacts.load(self.facts)


def is_late(order: SpecialOrderFacts) -> bool:
    """Whether it is expected on a later day than it is wanted."""
    return order.state == "open" and order.expected_on is not None and order.expected_on > order.wanted_on
