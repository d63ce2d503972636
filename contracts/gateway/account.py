"""Who may call the API: accounts of people and API clients of programs."""

from dataclasses import field
from typing import Annotated

from marshmallow import fields, validate

from chassis.wire import Answer, Command, DealerId, Id, Part, Query, text
from contracts.gateway.dealer import Locale
from contracts.roles import DEALER_ROLES, GROUP_ROLES
from contracts.shared import Listing, Name, Page, StaffNumber

DealerRole = Annotated[str, fields.String(validate=validate.OneOf(DEALER_ROLES))]
GroupRole = Annotated[str, fields.String(validate=validate.OneOf(GROUP_ROLES))]
# What somebody is to be called for ever is taken as it is typed, or refused; where it is used, it may be typed in any case.
NewLogin = Annotated[str, fields.String(validate=validate.Regexp(r"^[a-z0-9][a-z0-9._@-]{0,63}\Z", error="not_a_login"))]
NewClientId = Annotated[str, fields.String(validate=validate.Regexp(r"^[a-z0-9][a-z0-9._-]{0,49}\Z", error="not_a_client_id"))]
Password = Annotated[str, text(200, shortest=10)]
Secret = Annotated[str, text(200, shortest=32)]


class Membership(Part):
    """What someone may do at one dealer (Rule G1)."""

    dealer: DealerId
    roles: list[DealerRole]


class Principal(Part):
    """What the answers about people and about programs have in common: who may get a token, and for which roles."""

    id: Id
    version: int
    name: str
    active: bool
    dealers: list[Membership]
    group_roles: list[GroupRole]


class NewPrincipal(Part):
    """What is said of a new person or program; roles may come later."""

    name: Name
    dealers: list[Membership] = field(default_factory=list)
    group_roles: list[GroupRole] = field(default_factory=list)


class ChangedPrincipal(Part):
    """What may change of a person or program; it replaces what was there."""

    name: Name
    active: bool
    dealers: list[Membership]
    group_roles: list[GroupRole]


class Account(Answer, Principal):
    """A person's account, without its password. An inactive one gets no token."""

    login: str
    locale: Locale
    staff_number: StaffNumber | None = None


class Accounts(Answer, Page):
    """A page of accounts in the order of their logins."""

    items: list[Account]


class ApiClient(Answer, Principal):
    """A program that calls the API in its own name, without its secret. An inactive one gets no token."""

    client_id: str


class ApiClients(Answer, Page):
    """A page of API clients in the order of their client ids."""

    items: list[ApiClient]


class CreateAccount(Command, NewPrincipal, service="gateway", answer=Account):
    """Open an account.

    It belongs to a person (Rule G1), who may work at several dealers. Who has several accounts has the same staff number on each:
    nobody inspects under one what they did under another (Rule W11).
    """

    login: NewLogin
    password: Password
    locale: Locale = "zh"
    staff_number: StaffNumber | None = None


class ChangeAccount(Command, ChangedPrincipal, service="gateway", answer=Account):
    """Change or lock an account.

    Replace its facts and roles, or lock it (`active` false). Its tokens follow at once, at other gateways within two seconds.
    """

    account_id: Id
    locale: Locale
    staff_number: StaffNumber | None = None


class SetPassword(Command, service="gateway", answer=Account):
    """Set an account's password.

    The old one no longer works, nor do the tokens that were given for it.
    """

    account_id: Id
    password: Password


class CreateApiClient(Command, NewPrincipal, service="gateway", answer=ApiClient):
    """Let a program in.

    The caller chooses the secret (at least 32 characters, at random); nobody can read it again.
    """

    client_id: NewClientId
    secret: Secret


class ChangeApiClient(Command, ChangedPrincipal, service="gateway", answer=ApiClient):
    """Change or lock an API client.

    Replace its facts and roles, or lock it (`active` false). Its tokens follow at once, at other gateways within two seconds.
    """

    api_client_id: Id


class SetClientSecret(Command, service="gateway", answer=ApiClient):
    """Set an API client's secret.

    The old one no longer works, nor do the tokens that were given for it.
    """

    api_client_id: Id
    secret: Secret


class GetAccount(Query, service="gateway", answer=Account):
    """An account.

    With its roles at each dealer and in the group, and without its password.
    """

    account_id: Id


class ListAccounts(Query, Listing, service="gateway", answer=Accounts):
    """The group's accounts.

    In the order of their logins; the locked ones too.
    """


class GetApiClient(Query, service="gateway", answer=ApiClient):
    """An API client.

    With its roles at each dealer and in the group, and without its secret.
    """

    api_client_id: Id


class ListApiClients(Query, Listing, service="gateway", answer=ApiClients):
    """The group's API clients.

    In the order of their client ids; the locked ones too.
    """


class StaffMember(Part):
    """Who works at the dealer, and as what; not `active` is who is locked, or has no role there any more.

    Of two of one name the staff number says who is who, or the login.
    """

    login: str
    name: str
    staff_number: StaffNumber | None = None
    roles: list[DealerRole]
    active: bool


class Staff(Answer, Page):
    """A page of the dealer's staff in the order of their logins."""

    items: list[StaffMember]


class ListStaff(Query, Listing, service="gateway", answer=Staff):
    """The dealer's staff.

    In the order of their logins; `role` asks for those with a role only. Who is locked, or worked there once, is listed if
    `active` is false: what they signed goes on naming them by their login.
    """

    role: DealerRole | None = None
    active: bool = True
