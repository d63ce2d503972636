"""What the customer agreed to beforehand, as it is answered (Rule W7, docs/domain.md)."""

from chassis import Money
from contracts.workshop.order import StandingConsent


def consent_of(name: str | None, limit_minor: int, currency: str) -> StandingConsent | None:
    """Who agreed, and up to which amount in all; None for who wants to be asked."""
    return None if name is None else StandingConsent(name=name, limit=Money(limit_minor, currency))
