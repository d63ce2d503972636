"""What every service knows of a dealer, as the registry announced it; remembered by each process for a moment.

Every transaction asks for it, and it hardly ever changes. What this process commits is seen at once, what another replica commits
within SECONDS: as with every projection, nobody is promised to see a fact at the moment it happens.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, SQLColumnExpression, event, select

from chassis.store.tables import dealer_profile
from chassis.store.tenancy import ScopedSession
from chassis.wire.errors import Invalid
from chassis.wire.phones import country_of

SECONDS = 2.0
"""So old may be what is remembered."""
LONGEST_PERIOD = 366
"""Days of which figures are worked out at once."""


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

    def own(self, *, zh: str, en: str) -> str:
        """Of a text in both languages the one in the dealer's."""
        return zh if self.locale.startswith("zh") else en

    def local(self, at: datetime) -> datetime:
        """The dealer's wall-clock time."""
        return at.astimezone(self.zone)

    def within(
        self, column: SQLColumnExpression[datetime] | SQLColumnExpression[datetime | None], first: date | None, last: date | None
    ) -> list[ColumnElement[bool]]:
        """That the time of the column is on one of these local days, both included; a limit that is None does not limit.

        Raises Invalid naming to_day for one before the first.
        """
        _in_order(first, last)
        conditions = []
        if first is not None:
            conditions.append(column >= self.midnight(first))
        if last is not None:
            conditions.append(column < self.midnight(last + timedelta(days=1)))
        return conditions

    def on_days(self, column: SQLColumnExpression[date], first: date | None, last: date | None) -> list[ColumnElement[bool]]:
        """The same of a column that is a local day itself."""
        _in_order(first, last)
        return [*([] if first is None else [column >= first]), *([] if last is None else [column <= last])]

    def period(self, first: date | None, last: date | None, *, at: datetime) -> tuple[date, date]:
        """The local days that figures are asked for: to that day if none is named, from the beginning of its month.

        Raises Invalid naming to_day for one that ends before it begins, or that is longer than a year.
        """
        last = last or self.local(at).date()
        first = first or last.replace(day=1)
        if not 0 <= (last - first).days <= LONGEST_PERIOD:
            raise Invalid.field("to_day", "period_between", days=LONGEST_PERIOD)
        return first, last

    def until_today(self, day: date | None, *, at: datetime) -> date:
        """That local day; today if none is named. Raises Invalid naming day for one that is to come."""
        today = self.local(at).date()
        if day is not None and day > today:
            raise Invalid.field("day", "must_not_be_future")
        return day or today

    def midnight(self, day: date) -> datetime:
        """When that local day begins."""
        return datetime.combine(day, time(), tzinfo=self.zone)


def _in_order(first: date | None, last: date | None) -> None:
    """Raises Invalid naming to_day for a last day before the first: nothing is on such days, and nobody asks for that."""
    if first is not None and last is not None and last < first:
        raise Invalid.field("to_day", "before_the_first_day")


class Profiles(dict[str, DealerProfile]):
    """The profiles this transaction has asked for, by dealer."""


_PROFILES = select(*(dealer_profile.c[field.name] for field in fields(DealerProfile)))


class KnownProfiles:
    """The profiles of all dealers, as this process has read them; shared by all its transactions."""

    def __init__(self) -> None:
        self._profiles: dict[str, DealerProfile] = {}
        self._read_at = 0.0

    def of(self, session: ScopedSession, dealers: Iterable[str]) -> dict[str, DealerProfile]:
        """What is known of these dealers; read again if that is SECONDS ago, or one of them is unknown."""
        wanted = set(dealers)
        if monotonic() - self._read_at > SECONDS or not wanted <= self._profiles.keys():
            read_at = monotonic()
            self._profiles = {row[0]: DealerProfile(*row) for row in session.connection().execute(_PROFILES)}
            self._read_at = read_at
        return {dealer: self._profiles[dealer] for dealer in wanted & self._profiles.keys()}

    def forget(self) -> None:
        """Read them again when one is asked for next."""
        self._read_at = 0.0


def load_profiles(session: ScopedSession, dealers: Iterable[str]) -> None:
    """Tell all units of work of this transaction what is known of these dealers."""
    session.shared(Profiles).update(session.remembered(KnownProfiles).of(session, dealers))


def forget_profiles(session: ScopedSession) -> None:
    """Have this process see what this transaction has changed of them, once it is committed."""
    known = session.remembered(KnownProfiles)
    event.listen(session, "after_commit", lambda _: known.forget(), once=True)
