"""Suppliers and their terms, where they change what is known of parts without stock (Rule W6)."""

from sqlalchemy import select

from chassis import Work
from contracts.parts.supplier import (
    ApproveSupplier,
    ChangeSupplier,
    ImportSupplierPrices,
    OfferPart,
    SupplierPriceReport,
    SuspendSupplier,
)
from contracts.parts.supplier import SupplierPart as SupplierPartAnswer
from services.parts.purchasing.supply import tell_terms
from services.parts.supplier import importing, offering, registering
from services.parts.supplier.supplier import Supplier
from services.parts.supplier.supplier_part import SupplierPart


def offer(work: Work, command: OfferPart) -> SupplierPartAnswer:
    """Note the terms of one part."""
    noted = offering.offer(work, command)
    tell_terms(work, [noted.part_number])
    return noted


def import_prices(work: Work, command: ImportSupplierPrices) -> SupplierPriceReport:
    """Take over what a supplier asks for its parts."""
    report = importing.import_prices(work, command)
    if report.created or report.changed:
        _tell(work, command.supplier_id)
    return report


def change(work: Work, command: ChangeSupplier) -> Supplier:
    """Change what is noted of a supplier."""
    before = work.get(Supplier, command.supplier_id).lead_time_days
    supplier = registering.change(work, command)
    if supplier.lead_time_days != before:
        _tell(work, supplier.id)
    return supplier


def approve(work: Work, command: ApproveSupplier) -> Supplier:
    """Approve a supplier."""
    supplier = registering.approve(work, command)
    _tell(work, supplier.id)
    return supplier


def suspend(work: Work, command: SuspendSupplier) -> Supplier:
    """Order nothing more there."""
    supplier = registering.suspend(work, command)
    _tell(work, supplier.id)
    return supplier


def _tell(work: Work, supplier_id: str) -> None:
    asked = select(SupplierPart.part_number).where(SupplierPart.dealer_id == work.dealer, SupplierPart.supplier_id == supplier_id)
    tell_terms(work, (row.part_number for row in work.execute(asked)))
