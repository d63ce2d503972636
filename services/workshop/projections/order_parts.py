"""Parts set aside for work orders, as parts announced them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from chassis import Projection, document
from contracts.shared import PartRequest
from services.workshop.model import Base


class OrderParts(Projection, Base):
    """What a work order still lacks of its approved parts. Its id is the order's."""

    __tablename__ = "order_parts"

    complete: Mapped[bool]
    facts: Mapped[dict[str, Any]] = mapped_column(document)

    @property
    def short(self) -> list[PartRequest]:
        """What stock cannot cover."""
        return short_of(self.facts)


def short_of(facts: Mapping[str, Any]) -> list[PartRequest]:
    """The same of what is kept of an order."""
    return [PartRequest.load(one) for one in facts["short"]]
