"""Queries of suppliers."""

from sqlalchemy import select

from chassis import Invalid, Work, matching, page
from contracts.parts.supplier import GetSupplier, ListSupplierParts, ListSuppliers, SupplierParts, Suppliers
from services.parts.catalogue.part import numbers_of
from services.parts.supplier.supplier import Supplier
from services.parts.supplier.supplier_part import SupplierPart


def get_supplier(work: Work, query: GetSupplier) -> Supplier:
    """Raises NotFound, also when it is another dealer's."""
    return work.get(Supplier, query.supplier_id)


def list_suppliers(work: Work, query: ListSuppliers) -> Suppliers:
    """By code."""
    found = select(Supplier).where(*matching((Supplier.approved, query.approved)))
    items, cursor = page(work, found, query, keys=[Supplier.code_key, Supplier.id], ascending=True)
    return Suppliers(items=[one.describe() for one in items], next_cursor=cursor)


def list_supplier_parts(work: Work, query: ListSupplierParts) -> SupplierParts:
    """Raises Invalid unless a supplier or a part is named."""
    if query.supplier_id is None and query.part_number is None:
        raise Invalid.field("supplier_id", "needs_supplier_or_part")
    number = None if query.part_number is None else numbers_of(work, [query.part_number]).of(query.part_number)
    found = select(SupplierPart).where(
        *matching((SupplierPart.supplier_id, query.supplier_id), (SupplierPart.part_number, number))
    )
    rows, cursor = page(work, found, query, keys=[SupplierPart.part_number, SupplierPart.id], ascending=True)
    ids = sorted({one.supplier_id for one in rows})
    suppliers = {one.id: one for one in work.all(select(Supplier).where(Supplier.id.in_(ids)))} if ids else {}
    return SupplierParts(items=[one.describe(suppliers[one.supplier_id]) for one in rows], next_cursor=cursor)
