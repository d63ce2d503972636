"""Registering suppliers, and saying whether orders may go there (Rule P12)."""

from chassis import Refused, Work
from contracts.parts.supplier import ApproveSupplier, ChangeSupplier, RegisterSupplier, SuspendSupplier
from services.parts.supplier.supplier import Supplier


def register(work: Work, command: RegisterSupplier) -> Supplier:
    """Register a supplier. Raises Refused if the dealer has one with that code."""
    registered = Supplier.register(command.code, command, work.profile.currency)
    work.add(registered)
    work.flush(unique="code_key", otherwise=Refused("supplier_code_taken", field="code", supplier=registered.code))
    return registered


def change(work: Work, command: ChangeSupplier) -> Supplier:
    """Change what is noted of a supplier."""
    supplier = work.edit(Supplier, command.supplier_id)
    supplier.change(command, work.profile.currency)
    return supplier


def approve(work: Work, command: ApproveSupplier) -> Supplier:
    """Approve a supplier."""
    supplier = work.edit(Supplier, command.supplier_id)
    supplier.approve(at=work.now, by=work.actor, reason=command.reason)
    return supplier


def suspend(work: Work, command: SuspendSupplier) -> Supplier:
    """Order nothing more there; what is on its way may still come."""
    supplier = work.edit(Supplier, command.supplier_id)
    supplier.suspend(at=work.now, by=work.actor, reason=command.reason)
    return supplier
