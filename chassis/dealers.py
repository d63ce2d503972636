"""The projection of the dealer registry that every service keeps: whose time zone, currency, locale and tax mode apply."""

from chassis.sql import upsert_newer
from chassis.tables import dealer_profile
from chassis.work import Work


def record_dealer(work: Work, *, name: str, time_zone: str, currency: str, locale: str, tax_mode: str) -> None:
    """Keep what the registry says of the dealer of this unit of work; an older fact than the known one is ignored."""
    assert work.cause is not None, "a registration is only ever learnt from an event"
    work.session.execute(
        upsert_newer(work.session, dealer_profile, "dealer_id", "sequence"),
        {
            "dealer_id": work.dealer,
            "sequence": work.cause.sequence,
            "name": name,
            "time_zone": time_zone,
            "currency": currency,
            "locale": locale,
            "tax_mode": tax_mode,
        },
    )
