"""A part as a supplier sells it (Rule P1): the supplier's number of it, price, lead time, and in which quantities."""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, Money, Quantity, Refused, Work, belongs_to
from contracts.parts import supplier as contract
from contracts.parts.supplier import SupplierTerms
from contracts.shared import PART_NUMBER
from services.parts.catalogue.part import Numbers, Part, numbers_of
from services.parts.model import Base, PartNumberType
from services.parts.supplier.supplier import Supplier

PREFERRED = text("preferred")
ONE = Quantity.of(1).units


class SupplierPart(Entity, Base):
    """What one supplier asks for one part. Of a part's suppliers one at most is the preferred one.

    `lead_time_days` is null where the supplier's own applies.
    """

    __tablename__ = "supplier_part"
    __table_args__ = (
        belongs_to("supplier", "supplier_id"),
        UniqueConstraint("dealer_id", "supplier_id", "part_number", name="supplier_part_part_key"),
        Index(
            "supplier_part_preferred_key",
            "dealer_id",
            "part_number",
            unique=True,
            postgresql_where=PREFERRED,
            sqlite_where=PREFERRED,
        ),
        Index("supplier_part_part", "dealer_id", "part_number", "id"),
        Index("supplier_part_theirs", "dealer_id", "supplier_id", "their_key"),
        CheckConstraint("price_minor >= 0 AND multiple_units > 0 AND minimum_units > 0", name="terms"),
    )

    supplier_id: Mapped[str] = mapped_column(IdType)
    part_number: Mapped[str] = mapped_column(PartNumberType)
    their_number: Mapped[str] = mapped_column(PartNumberType)
    their_key: Mapped[str] = mapped_column(PartNumberType)
    price_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    lead_time_days: Mapped[int | None]
    multiple_units: Mapped[int]
    minimum_units: Mapped[int]
    preferred: Mapped[bool]

    def take(self, terms: SupplierTerms, currency: str) -> None:
        """Take over these terms. Raises Refused for a price in another currency."""
        if terms.price.currency != currency:
            raise Refused("wrong_currency", field="price", currency=currency)
        self.their_number, self.their_key = terms.supplier_part_number, PART_NUMBER.key(terms.supplier_part_number)
        self.price_minor, self.currency = terms.price.minor, currency
        self.lead_time_days = terms.lead_time_days
        self.multiple_units = terms.order_multiple.units if terms.order_multiple else ONE
        self.minimum_units = terms.order_minimum.units if terms.order_minimum else ONE
        self.preferred = terms.preferred

    def ordered(self, units: int) -> int:
        """How much is ordered where so much is needed: at least the minimum, in whole steps."""
        steps = -(-max(units, self.minimum_units) // self.multiple_units)
        return steps * self.multiple_units

    def lead_time(self, supplier: Supplier) -> int:
        """How many days until it is here: the part's own, or else its supplier's."""
        return supplier.lead_time_days if self.lead_time_days is None else self.lead_time_days

    def describe(self, supplier: Supplier) -> contract.SupplierPart:
        """The terms as they are answered."""
        return contract.SupplierPart(
            id=self.id,
            supplier_id=self.supplier_id,
            supplier_code=supplier.code,
            approved=supplier.approved,
            part_number=self.part_number,
            supplier_part_number=self.their_number,
            price=Money(self.price_minor, self.currency),
            lead_time_days=self.lead_time(supplier),
            order_multiple=Quantity(self.multiple_units),
            order_minimum=Quantity(self.ordered(0)),
            preferred=self.preferred,
        )


def delivered_numbers(work: Work, supplier: Supplier | None, typed: Iterable[str]) -> Numbers:
    """What the catalogue calls the parts of a supplier's document: by our number, or else by the supplier's (Rule P14)."""
    names = list(typed)
    ours = numbers_of(work, names)
    unknown = sorted({PART_NUMBER.key(one) for one in names if ours.find(one) is None})
    if supplier is None or not unknown:
        return ours
    rows = work.execute(
        select(SupplierPart.their_key, Part.number, Part.unit)
        .join(Part, (Part.dealer_id == SupplierPart.dealer_id) & (Part.number == SupplierPart.part_number))
        .where(
            SupplierPart.dealer_id == work.dealer,
            SupplierPart.supplier_id == supplier.id,
            SupplierPart.their_key.in_(unknown),
        )
    )
    return ours.also({row.their_key: row.number for row in rows}, {row.their_key: row.unit for row in rows})


def terms_of(work: Work, supplier: Supplier, number: str) -> SupplierPart | None:
    """At what terms the supplier sells a part; None if nothing is noted."""
    noted = select(SupplierPart).where(SupplierPart.supplier_id == supplier.id, SupplierPart.part_number == number)
    return next(iter(work.all(noted)), None)
