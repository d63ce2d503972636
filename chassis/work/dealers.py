"""The projection of the dealer registry that every service keeps: whose time zone, currency, locale and tax mode apply."""

from collections.abc import Callable
from typing import Protocol

from chassis.store.model import DealerSettings
from chassis.store.sql import upsert
from chassis.store.tables import dealer_profile
from chassis.work.profiles import forget_profiles
from chassis.work.unit_of_work import Work


class Registration(Protocol):
    """What the registry announces of a dealer; the chassis knows no contract, only these attributes."""

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


def keep_dealer(*settings: type[DealerSettings]) -> Callable[[Work, Registration], None]:
    """The use case that keeps what the registry announces of a dealer; a new dealer gets its rows of these settings."""

    def keep(work: Work, registration: Registration) -> None:
        if work.cause is None:
            raise RuntimeError("a registration is only ever learnt from an event")
        values = {
            "dealer_id": work.dealer,
            "sequence": work.cause.sequence,
            "name": registration.name,
            "time_zone": registration.time_zone,
            "currency": registration.currency,
            "locale": registration.locale,
            "tax_mode": registration.tax_mode,
        }
        work.session.execute(upsert(work.session, dealer_profile, newer="sequence"), values)
        forget_profiles(work.session)
        for kind in settings:
            work.insert_new(kind, kind.first(work.dealer, registration.currency))

    return keep
