"""Letting people and programs in, changing what they may do, and locking them out."""

from typing import TypeVar

from sqlalchemy import select

from chassis import Refused, Work, new_id
from contracts.gateway.account import (
    ChangeAccount,
    ChangeApiClient,
    ChangedPrincipal,
    CreateAccount,
    CreateApiClient,
    NewPrincipal,
    SetClientSecret,
    SetPassword,
)
from gateway.account import admitting
from gateway.account.account import Account, FormerMembership
from gateway.account.api_client import ApiClient
from gateway.account.principal import Principal
from gateway.dealer.queries import registered_codes

P = TypeVar("P", bound=Principal)


def create_account(work: Work, command: CreateAccount) -> Account:
    """Refused when the login is taken."""
    account = Account(id=new_id(), login=command.login, locale=command.locale, staff_number=command.staff_number)
    taken = Refused("login_taken", login=command.login)
    _let_in(work, account, command, secret=command.password, unique="login", taken=taken)
    account.record()
    return account


def change_account(work: Work, command: ChangeAccount) -> Account:
    """Refused when no active administrator would be left. Locking it ends its sessions: unlocked, its person signs in again."""
    account = work.edit(Account, command.account_id)
    administered = account.administers
    account.locale, account.staff_number = command.locale, command.staff_number
    before = {one.dealer for one in account.memberships}
    _change(work, account, command)
    left = sorted(before - {one.dealer for one in account.memberships})
    if left:
        work.insert_new(FormerMembership, *({"dealer": dealer, "account_id": account.id} for dealer in left))
    account.record()
    if not account.active:
        admitting.end_all(work, account.id)
    if administered and not account.administers:
        _check_another_administrator(work, account)
    return account


def set_password(work: Work, command: SetPassword) -> Account:
    """The old one is no longer good, and whoever signed in with it is signed out."""
    account = work.edit(Account, command.account_id)
    account.replace_secret(command.password)
    admitting.end_all(work, account.id)
    return account


def create_api_client(work: Work, command: CreateApiClient) -> ApiClient:
    """Refused when the client id is taken."""
    client = ApiClient(id=new_id(), client_id=command.client_id)
    taken = Refused("client_id_taken", client_id=command.client_id)
    return _let_in(work, client, command, secret=command.secret, unique="client_id", taken=taken)


def change_api_client(work: Work, command: ChangeApiClient) -> ApiClient:
    """Its facts and roles are replaced."""
    client = work.edit(ApiClient, command.api_client_id)
    _change(work, client, command)
    return client


def set_client_secret(work: Work, command: SetClientSecret) -> ApiClient:
    """The old one is no longer good."""
    client = work.edit(ApiClient, command.api_client_id)
    client.replace_secret(command.secret)
    return client


def _let_in(work: Work, principal: P, command: NewPrincipal, *, secret: str, unique: str, taken: Refused) -> P:
    principal.name, principal.active = command.name, True
    principal.replace_secret(secret)
    _grant(work, principal, command)
    work.add(principal)
    work.flush(unique=unique, otherwise=taken)
    return principal


def _change(work: Work, principal: Principal, command: ChangedPrincipal) -> None:
    principal.name, principal.active = command.name, command.active
    _grant(work, principal, command)


def _grant(work: Work, principal: Principal, command: NewPrincipal | ChangedPrincipal) -> None:
    registered = registered_codes(work, {one.dealer for one in command.dealers})
    principal.grant(command.group_roles, command.dealers, registered)


def _check_another_administrator(work: Work, account: Account) -> None:
    # Locked, so that two administrators cannot dismiss one another at the same time.
    others = select(Account).where(Account.active, Account.id != account.id).order_by(Account.id).with_for_update()
    if not any(other.administers for other in work.all(others)):
        raise Refused("last_administrator", login=account.login)
