"""What the gateway can be told to do: by the group's administrators, over HTTP or on the command line."""

from dataclasses import field
from typing import Annotated

from marshmallow import fields, validate

from chassis.wire import Command, DealerId, Id, text
from contracts.gateway import answers
from contracts.gateway.answers import GroupRole, Locale, Membership
from contracts.shared import Name, TaxMode

NewLogin = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"^[a-z0-9][a-z0-9._@-]{0,63}\Z", error="Lower-case letters, digits and . _ @ -, at most 64.")
    ),
]
NewClientId = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"^[a-z0-9][a-z0-9._-]{0,49}\Z", error="Lower-case letters, digits and . _ -, at most 50.")
    ),
]

Password = Annotated[str, text(200, shortest=10)]
Secret = Annotated[str, text(200, shortest=32)]
TimeZone = Annotated[str, text(64)]
Currency = Annotated[str, text(3, shortest=3)]


class RegisterDealer(Command, service="gateway", answer=answers.Dealer):
    """Take a dealer into the group (Rule G0). Code and currency are for ever: documents are numbered and priced by them."""

    dealer: DealerId
    name: Name
    time_zone: TimeZone
    currency: Currency
    locale: Locale
    tax_mode: TaxMode


class ChangeDealer(Command, service="gateway", answer=answers.Dealer):
    """Replace what may change of a dealer's registration; documents already issued keep what they were issued with."""

    dealer: DealerId
    name: Name
    time_zone: TimeZone
    locale: Locale
    tax_mode: TaxMode


class CreateAccount(Command, service="gateway", answer=answers.Account):
    """Open an account for a person (Rule G1); someone may work at several dealers."""

    login: NewLogin
    name: Name
    password: Password
    locale: Locale = "zh"
    dealers: list[Membership] = field(default_factory=list)
    group_roles: list[GroupRole] = field(default_factory=list)


class ChangeAccount(Command, service="gateway", answer=answers.Account):
    """Replace an account's facts and roles, or lock it (`active` false). Tokens already issued live on until they expire."""

    account_id: Id
    name: Name
    locale: Locale
    active: bool
    dealers: list[Membership]
    group_roles: list[GroupRole]


class SetPassword(Command, service="gateway", answer=answers.Account):
    """Give an account a new password."""

    account_id: Id
    password: Password


class CreateApiClient(Command, service="gateway", answer=answers.ApiClient):
    """Let a program in. The caller chooses the secret (at least 32 characters, at random): it is told to nobody again."""

    client_id: NewClientId
    name: Name
    secret: Secret
    dealers: list[Membership] = field(default_factory=list)
    group_roles: list[GroupRole] = field(default_factory=list)


class ChangeApiClient(Command, service="gateway", answer=answers.ApiClient):
    """Replace an API client's facts and roles, or lock it (`active` false)."""

    api_client_id: Id
    name: Name
    active: bool
    dealers: list[Membership]
    group_roles: list[GroupRole]


class SetClientSecret(Command, service="gateway", answer=answers.ApiClient):
    """Give an API client a new secret."""

    api_client_id: Id
    secret: Secret
