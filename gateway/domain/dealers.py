"""The dealer registry (Rule G0): who belongs to the group, and what every service needs to know of a dealer."""

from functools import cache
from typing import cast
from zoneinfo import available_timezones

from sqlalchemy import String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from chassis.store.columns import DealerIdType
from chassis.wire.envelope import seal
from chassis.wire.errors import Invalid, Refused
from chassis.wire.values import minor_digits
from chassis.work.unit_of_work import Announcement, Work, write_outbox
from contracts.gateway import answers
from contracts.gateway.answers import Locale
from contracts.gateway.commands import ChangeDealer, RegisterDealer
from contracts.gateway.events import DealerRecorded
from contracts.shared import TaxMode
from gateway.domain.model import Base, GroupAggregate, edit


class Dealer(GroupAggregate, Base):
    """A dealer's registration. Calendar rules use its time zone, prices its currency, documents its locale and tax mode."""

    __tablename__ = "dealer"

    id: Mapped[str] = mapped_column(DealerIdType, primary_key=True, sort_order=-10)
    name: Mapped[str] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    locale: Mapped[str] = mapped_column(String(2))
    tax_mode: Mapped[str] = mapped_column(String(10))

    def record(self, *, name: str, time_zone: str, locale: Locale, tax_mode: TaxMode) -> None:
        """Enter or replace what may change. Raises Invalid for a time zone nobody knows."""
        if time_zone not in _time_zones():
            raise Invalid.fields({"time_zone": ["Not an IANA time zone."]})
        self.name, self.time_zone, self.locale, self.tax_mode = name, time_zone, locale, tax_mode

    def recorded(self) -> DealerRecorded:
        """The registration as the services are told it."""
        return DealerRecorded(
            dealer=self.id,
            name=self.name,
            time_zone=self.time_zone,
            currency=self.currency,
            locale=self.locale,
            tax_mode=cast(TaxMode, self.tax_mode),
        )

    def describe(self) -> answers.Dealer:
        """The registration as it is answered."""
        return answers.Dealer(
            id=self.id,
            version=self.version,
            name=self.name,
            time_zone=self.time_zone,
            currency=self.currency,
            locale=cast(Locale, self.locale),
            tax_mode=cast(TaxMode, self.tax_mode),
        )


def register(work: Work, command: RegisterDealer) -> answers.Dealer:
    """Take a dealer into the group; every service learns of it from DealerRecorded. Refused when the code is taken."""
    if work.session.get(Dealer, command.dealer) is not None:
        raise Refused("dealer_registered", dealer=command.dealer)
    _check_currency(command.currency)
    dealer = Dealer(id=command.dealer, version=1, currency=command.currency)
    dealer.record(name=command.name, time_zone=command.time_zone, locale=command.locale, tax_mode=command.tax_mode)
    work.session.add(dealer)
    try:
        work.session.flush()
    except IntegrityError:
        raise Refused("dealer_registered", dealer=command.dealer) from None
    return _announce(work, dealer)


def change(work: Work, command: ChangeDealer) -> answers.Dealer:
    """Replace what may change of a registration; every service learns of it from DealerRecorded."""
    dealer = edit(work, Dealer, command.dealer)
    dealer.record(name=command.name, time_zone=command.time_zone, locale=command.locale, tax_mode=command.tax_mode)
    return _announce(work, dealer)


def _announce(work: Work, dealer: Dealer) -> answers.Dealer:
    # The call is the group's, the fact is the dealer's: its envelope carries the dealer's id, and the dealer is its subject.
    envelope = seal(
        dealer.recorded(),
        subject=dealer.id,
        sequence=dealer.version,
        time=work.now,
        dealer=dealer.id,
        correlation_id=work.call.correlation_id,
        causation_id=None,
        traceparent=work.call.traceparent,
        actor=work.actor,
    )
    write_outbox(work.session, [Announcement(envelope, mandatory=bool(DealerRecorded.subscribers))])
    return dealer.describe()


def _check_currency(currency: str) -> None:
    try:
        minor_digits(currency)
    except ValueError:
        raise Invalid.fields({"currency": ["Not an ISO 4217 currency."]}) from None


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
