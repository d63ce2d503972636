"""The registry of the group's dealers."""

from typing import Annotated

from marshmallow import fields, validate

from chassis.wire import Answer, Command, DealerId, Part, Query, text
from chassis.wire.fields import DEALER_ID
from contracts.shared import Listing, Name, Page, TaxMode
from locales import languages

Locale = Annotated[str, fields.String(validate=validate.OneOf(languages()))]
"""A language ServiceLane speaks: it has a folder of catalogues."""

NewDealerCode = Annotated[str, fields.String(validate=validate.Regexp(DEALER_ID, error="not_a_dealer_code"))]
"""Taken as it is typed, or refused: it is the dealer's for ever. Where it is used, it may be typed in any case."""

TimeZone = Annotated[str, text(64)]
Currency = Annotated[str, text(3, shortest=3)]


class Dealer(Answer):
    """A dealer's registration (Rule G0); `id` is the dealer's code in paths and rows."""

    id: DealerId
    version: int
    name: str
    time_zone: str
    currency: str
    locale: Locale
    tax_mode: TaxMode


class Dealers(Answer, Page):
    """A page of dealers in the order of their codes."""

    items: list[Dealer]


class DealerFacts(Part):
    """What may change of a registration."""

    name: Name
    time_zone: TimeZone
    locale: Locale
    tax_mode: TaxMode


class RegisterDealer(Command, DealerFacts, service="gateway", answer=Dealer):
    """Register a dealer.

    Take a dealer into the group (Rule G0). Code and currency are for ever: documents are numbered and priced by them.
    """

    dealer: NewDealerCode
    currency: Currency


class ChangeDealer(Command, DealerFacts, service="gateway", answer=Dealer):
    """Change a dealer's registration.

    Replace what may change; documents already issued keep what they were issued with.
    """

    dealer: DealerId


class GetDealer(Query, service="gateway", answer=Dealer):
    """A dealer's registration.

    With its time zone, currency, language and tax mode.
    """

    dealer: DealerId


class ListDealers(Query, Listing, service="gateway", answer=Dealers):
    """The group's dealers.

    In the order of their codes.
    """


class NamedDealer(Part):
    """A dealer of the group, and what it is called."""

    dealer: DealerId
    name: str


class NamedDealers(Answer, Page):
    """A page of dealers in the order of their codes."""

    items: list[NamedDealer]


class ListDealerNames(Query, Listing, service="gateway", answer=NamedDealers):
    """What the group's dealers are called.

    In the order of their codes: papers name a dealer by its code, people by its name.
    """
