"""What every service knows of a dealer, as the registry announced it; read once per transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, SQLColumnExpression, bindparam, select

from chassis.store.tables import dealer_profile
from chassis.store.tenancy import ScopedSession
from chassis.wire.phones import country_of


@dataclass(frozen=True)
class DealerProfile:
    """What every service knows of a dealer. `tax_mode` is inclusive or exclusive."""

    dealer_id: str
    name: str
    time_zone: str
    currency: str
    locale: str
    tax_mode: str

    @property
    def zone(self) -> ZoneInfo:
        """The dealer's time zone: calendar rules count in it."""
        return ZoneInfo(self.time_zone)

    @property
    def country(self) -> str | None:
        """The country of the dealer's time zone (ISO 3166): phones without a country code are numbers of it."""
        return country_of(self.time_zone)

    def local(self, at: datetime) -> datetime:
        """The dealer's wall-clock time."""
        return at.astimezone(self.zone)

    def within(self, column: SQLColumnExpression[datetime], first: date | None, last: date | None) -> list[ColumnElement[bool]]:
        """That the time of the column is on one of these local days, both included; a limit that is None does not limit."""
        conditions = []
        if first is not None:
            conditions.append(column >= self._midnight(first))
        if last is not None:
            conditions.append(column < self._midnight(last + timedelta(days=1)))
        return conditions

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.zone)


class Profiles(dict[str, DealerProfile]):
    """The profiles this transaction has read, by dealer."""


_PROFILES = select(*(dealer_profile.c[field.name] for field in fields(DealerProfile))).where(
    dealer_profile.c.dealer_id.in_(bindparam("dealers", expanding=True))
)


def load_profiles(session: ScopedSession, dealers: Iterable[str]) -> None:
    """Read what is known of these dealers, for all units of work of this transaction, in one statement."""
    rows = session.connection().execute(_PROFILES, {"dealers": sorted(dealers)})
    session.shared(Profiles).update((row[0], DealerProfile(*row)) for row in rows)
