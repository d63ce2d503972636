"""Suppliers (供应商): who sells parts to the dealer, what they call each part, and at what terms they sell it (Rules P1, P12)."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from chassis.wire.emails import EmailField
from chassis.wire.keys import TextKey, unblanked
from contracts.files import TableFile, TableFileReport
from contracts.shared import Amount, Listing, Name, Page, PartNumber, Phone, Price, Reason

SUPPLIER_CODE = TextKey(most=20, spelling=unblanked)
"""The dealer's own short name of a supplier: SAIC-P."""

SupplierCode = Annotated[str, SUPPLIER_CODE.field()]
LeadTimeDays = Annotated[int, whole(0, 365)]


class SupplierFacts(Part):
    """What the dealer notes of a supplier, beside its code. Prices are in the dealer's currency."""

    name_zh: Name
    name_en: Name
    lead_time_days: LeadTimeDays
    currency: Annotated[str | None, text(3, shortest=3)] = None
    contact: Name | None = None
    phone: Phone | None = None
    email: Annotated[str | None, EmailField()] = None


class Supplier(Answer, SupplierFacts):
    """A supplier of the dealer, and whether orders may go there: `approved_because` is the reason of the last word on that."""

    id: Id
    version: int
    code: SupplierCode
    currency: str
    approved: bool
    approved_because: str | None = None
    judged_by: str | None = None
    judged_at: datetime | None = None


class Suppliers(Answer, Page):
    """A page of suppliers, by code."""

    items: list[Supplier]


class SupplierTerms(Part):
    """At what terms a supplier sells a part: its own number of it, price per unit, lead time, and in which quantities.

    What is ordered is at least `order_minimum`, in steps of `order_multiple`.
    """

    supplier_part_number: PartNumber
    price: Price
    lead_time_days: LeadTimeDays | None = None
    order_multiple: Amount | None = None
    order_minimum: Amount | None = None
    preferred: bool = False


class SupplierPart(Answer, SupplierTerms):
    """A part as a supplier sells it. `lead_time_days` is the part's own, or else the supplier's."""

    id: Id
    supplier_id: Id
    supplier_code: SupplierCode
    approved: bool
    part_number: PartNumber
    lead_time_days: int
    order_multiple: Amount
    order_minimum: Amount


class SupplierParts(Answer, Page):
    """A page of what suppliers sell, by part number."""

    items: list[SupplierPart]


class SupplierPriceReport(Answer, TableFileReport):
    """What became of a supplier's price file: everything was taken over, or - when there is one bad row - nothing.

    `skipped` are rows of parts that the dealer's catalogue does not have, if that was asked for.
    """

    created: int
    changed: int
    unchanged: int
    skipped: int


class RegisterSupplier(Command, SupplierFacts, service="parts", answer=Supplier):
    """Register a supplier.

    Nothing is ordered there before it is approved (Rule P12).
    """

    code: SupplierCode


class ChangeSupplier(Command, SupplierFacts, service="parts", answer=Supplier):
    """Change a supplier.

    Its code stays.
    """

    supplier_id: Id


class ApproveSupplier(Command, service="parts", answer=Supplier):
    """Approve a supplier.

    From now on orders may go there (Rule P12).
    """

    supplier_id: Id
    reason: Reason


class SuspendSupplier(Command, service="parts", answer=Supplier):
    """Order nothing more from a supplier.

    It is not approved any more, with the reason. What was ordered may still come (Rule P12).
    """

    supplier_id: Id
    reason: Reason


class OfferPart(Command, SupplierTerms, service="parts", answer=SupplierPart):
    """Note at what terms a supplier sells a part.

    They replace what was noted of the part. If it is the preferred supplier, another one that was it is not any more.
    """

    supplier_id: Id
    part_number: PartNumber


class ImportSupplierPrices(Command, TableFile, service="parts", answer=SupplierPriceReport):
    """Import a supplier's price file.

    All of it, or nothing and a report of every bad row (Rule P1). CSV or XLSX, at most 15 MB and 100,000 rows, with a header.
    `supplier_part_number` (供应商件号: the supplier's own number) must be there, and `price` (进价: an amount in the dealer's
    currency) for parts that are new. `our_part_number` (本店件号) says which part of the catalogue it is; without it the part
    is the one that was noted with the supplier's number, or else the one with the same number. `lead_time_days` (货期),
    `order_multiple` (订货倍数), `order_minimum` (最小起订量), `preferred` (首选: yes, no) may be: an absent column leaves what
    was noted, an empty cell clears it. Where there is a `currency` (币种), it must be the dealer's.
    """

    supplier_id: Id
    skip_unknown: bool = False


class GetSupplier(Query, service="parts", answer=Supplier):
    """A supplier.

    With whether it is approved, and why.
    """

    supplier_id: Id


class ListSuppliers(Query, Listing, service="parts", answer=Suppliers):
    """Suppliers.

    By code; only those that are approved, or not, if that is asked for.
    """

    approved: bool | None = None


class ListSupplierParts(Query, Listing, service="parts", answer=SupplierParts):
    """What suppliers sell.

    All parts of a supplier, or all suppliers of a part; both may be given.
    """

    supplier_id: Id | None = None
    part_number: PartNumber | None = None
