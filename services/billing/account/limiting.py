"""Approving what a customer may owe (Rule L4, docs/domain.md)."""

from chassis import NotYetKnown, Work
from contracts.billing import credit_limit as contract
from contracts.billing.credit_limit import ApproveCreditLimit
from services.billing.account.credit_limit import CreditLimit, on_account
from services.billing.projections.customer import KnownCustomer


def approve_credit_limit(work: Work, command: ApproveCreditLimit) -> contract.CreditLimit:
    """Approve a limit in the caller's name. Raises NotYetKnown for a customer whom nobody knows."""
    if work.find(KnownCustomer, command.customer_id) is None:
        raise NotYetKnown.reference("customer_id", command.customer_id)
    work.lock_or_create(CreditLimit, {"id": command.customer_id}, version=0, currency=work.profile.currency, limit_minor=0)
    limit = work.edit(CreditLimit, command.customer_id)
    limit.approve(command.limit, reason=command.reason, by=work.actor, at=work.now)
    return limit.describe_used(on_account(work, limit))
