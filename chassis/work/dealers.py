"""The projection of the dealer registry that every service keeps: whose time zone, currency, locale and tax mode apply."""

from typing import Protocol

from chassis.store.sql import upsert_newer
from chassis.store.tables import dealer_profile
from chassis.work.unit_of_work import Work


class Registration(Protocol):
    """What the registry's fact says of a dealer; the chassis knows no contract, only its words."""

    @property
    def name(self) -> str: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def tax_mode(self) -> str: ...


def record_dealer(work: Work, fact: Registration) -> None:
    """Keep what the registry says of the dealer of this unit of work; an older fact than the known one is ignored."""
    assert work.cause is not None, "a registration is only ever learnt from an event"
    work.session.execute(
        upsert_newer(work.session, dealer_profile, "dealer_id", "sequence"),
        {
            "dealer_id": work.dealer,
            "sequence": work.cause.sequence,
            "name": fact.name,
            "time_zone": fact.time_zone,
            "currency": fact.currency,
            "locale": fact.locale,
            "tax_mode": fact.tax_mode,
        },
    )
