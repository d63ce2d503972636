"""Noting at what terms a supplier sells a part; of a part's suppliers one at most is preferred (Rule P1)."""

from collections.abc import Collection

from sqlalchemy import select, update

from chassis import Refused, Work
from contracts.parts.supplier import OfferPart
from contracts.parts.supplier import SupplierPart as SupplierPartAnswer
from contracts.shared import PART_NUMBER
from services.parts.catalogue.part import numbers_of
from services.parts.supplier.supplier import Supplier
from services.parts.supplier.supplier_part import SupplierPart


def offer(work: Work, command: OfferPart) -> SupplierPartAnswer:
    """Note the terms of one part. Raises Refused for a number that the supplier has given to another part."""
    work.advisory_lock("suppliers")
    supplier = work.get(Supplier, command.supplier_id)
    catalogue = numbers_of(work, [command.part_number])
    number = catalogue.known(command.part_number)
    for field in ("order_multiple", "order_minimum"):
        if (quantity := getattr(command, field)) is not None:
            catalogue.require_whole(field, command.part_number, quantity)
    theirs = SupplierPart.supplier_id == supplier.id
    named = work.first(
        select(SupplierPart).where(theirs, SupplierPart.their_key == PART_NUMBER.key(command.supplier_part_number))
    )
    if named is not None and named.part_number != number:
        raise Refused("supplier_number_taken", field="supplier_part_number", part_number=named.part_number)
    if command.preferred:
        prefer_no_other(work, supplier.id, [number])
    sold = work.first(select(SupplierPart).where(theirs, SupplierPart.part_number == number))
    if sold is None:
        sold = SupplierPart(supplier_id=supplier.id, part_number=number)
        sold.take(command, work.profile.currency)
        work.add(sold)
    else:
        sold.take(command, work.profile.currency)
    return sold.describe(supplier)


def prefer_no_other(work: Work, supplier_id: str, numbers: Collection[str]) -> None:
    """Of these parts no other supplier is the preferred one any more: at once, because the database allows one."""
    others = update(SupplierPart).where(
        SupplierPart.dealer_id == work.dealer,
        SupplierPart.supplier_id != supplier_id,
        SupplierPart.preferred,
        SupplierPart.part_number.in_(sorted(numbers)),
    )
    if numbers:
        work.execute(others.values(preferred=False))
