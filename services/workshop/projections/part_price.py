"""The dealer's price list, as parts announced it."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Money
from contracts.parts.catalogue import Source
from services.workshop.model import Base


class PartPrice(DealerOwned, Base):
    """One part of the price list; a superseded one names its successor. The newest edition counts.

    `number_key` is what two spellings of its number have in common (ADR 0021).
    """

    __tablename__ = "part_price"

    number_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    part_number: Mapped[str] = mapped_column(String(40))
    edition: Mapped[int]
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(10))
    list_price_minor: Mapped[int]
    core_charge_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    successor: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[Source | None] = mapped_column(String(12))

    @property
    def list_price(self) -> Money:
        """The price of one unit."""
        return Money(self.list_price_minor, self.currency)

    @property
    def core_charge(self) -> Money | None:
        """What one unit costs on top until its old part comes back, if anything."""
        return Money(self.core_charge_minor, self.currency) if self.core_charge_minor else None
