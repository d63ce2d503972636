"""Who may call the API: accounts of people and API clients of programs."""

from dataclasses import field
from typing import Annotated

from marshmallow import fields, validate

from chassis.wire import Answer, Command, DealerId, Id, Part, Query, text
from contracts.gateway.dealer import Locale
from contracts.roles import DEALER_ROLES, GROUP_ROLES
from contracts.shared import Cursor, Limit, Name, Page

DealerRole = Annotated[str, fields.String(validate=validate.OneOf(DEALER_ROLES))]
GroupRole = Annotated[str, fields.String(validate=validate.OneOf(GROUP_ROLES))]
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


class Membership(Part):
    """What someone may do at one dealer (Rule G1)."""

    dealer: DealerId
    roles: list[DealerRole]


class Account(Answer):
    """A person's account. Its password is never told; an inactive one gets no token."""

    id: Id
    version: int
    login: str
    name: str
    locale: Locale
    active: bool
    dealers: list[Membership]
    group_roles: list[GroupRole]


class Accounts(Answer, Page):
    """A page of accounts in the order of their logins."""

    items: list[Account]


class ApiClient(Answer):
    """A program that calls the API in its own name. Its secret is never told."""

    id: Id
    version: int
    client_id: str
    name: str
    active: bool
    dealers: list[Membership]
    group_roles: list[GroupRole]


class ApiClients(Answer, Page):
    """A page of API clients in the order of their client ids."""

    items: list[ApiClient]


class CreateAccount(Command, service="gateway", answer=Account):
    """Open an account.

    It belongs to a person (Rule G1), who may work at several dealers.
    """

    login: NewLogin
    name: Name
    password: Password
    locale: Locale = "zh"
    dealers: list[Membership] = field(default_factory=list)
    group_roles: list[GroupRole] = field(default_factory=list)


class ChangeAccount(Command, service="gateway", answer=Account):
    """Change or lock an account.

    Replace its facts and roles, or lock it (`active` false). Tokens already issued live on until they expire.
    """

    account_id: Id
    name: Name
    locale: Locale
    active: bool
    dealers: list[Membership]
    group_roles: list[GroupRole]


class SetPassword(Command, service="gateway", answer=Account):
    """Set an account's password."""

    account_id: Id
    password: Password


class CreateApiClient(Command, service="gateway", answer=ApiClient):
    """Let a program in.

    The caller chooses the secret (at least 32 characters, at random): it is told to nobody again.
    """

    client_id: NewClientId
    name: Name
    secret: Secret
    dealers: list[Membership] = field(default_factory=list)
    group_roles: list[GroupRole] = field(default_factory=list)


class ChangeApiClient(Command, service="gateway", answer=ApiClient):
    """Change or lock an API client.

    Replace its facts and roles, or lock it (`active` false).
    """

    api_client_id: Id
    name: Name
    active: bool
    dealers: list[Membership]
    group_roles: list[GroupRole]


class SetClientSecret(Command, service="gateway", answer=ApiClient):
    """Set an API client's secret."""

    api_client_id: Id
    secret: Secret


class GetAccount(Query, service="gateway", answer=Account):
    """An account."""

    account_id: Id


class ListAccounts(Query, service="gateway", answer=Accounts):
    """The group's accounts."""

    cursor: Cursor = None
    limit: Limit = 50


class GetApiClient(Query, service="gateway", answer=ApiClient):
    """An API client."""

    api_client_id: Id


class ListApiClients(Query, service="gateway", answer=ApiClients):
    """The group's API clients."""

    cursor: Cursor = None
    limit: Limit = 50
