"""What is read of accounts and API clients, by administrators and by themselves; and what a sign-in is checked against."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import Row, String, and_, bindparam, cast, or_, select

from chassis import NotFound, Work, page
from contracts.gateway import account as contract
from contracts.gateway.session import GetMe, ListSessions, Me, OwnDealer, Sessions
from gateway.account.account import Account, AccountMembership, FormerMembership
from gateway.account.admitting import own_account
from gateway.account.api_client import ApiClient
from gateway.account.principal import Credentials, Principal
from gateway.account.session import Session
from gateway.dealer.dealer import Dealer

P = TypeVar("P", bound=Principal)

_AT_DEALER = (
    Dealer.id.label("dealer"),
    Dealer.name.label("dealer_name"),
    Dealer.time_zone,
    Dealer.currency,
    Dealer.locale.label("dealer_locale"),
)
_PERSON: Any = (
    select(
        Account.id,
        Account.login,
        Account.name,
        Account.locale,
        Account.secret_hash,
        Account.secret_number,
        Account.active,
        Account.group_roles,
        AccountMembership.roles,
        *_AT_DEALER,
    )
    .outerjoin(AccountMembership, AccountMembership.account_id == Account.id)
    .outerjoin(Dealer, Dealer.id == AccountMembership.dealer)
    .where(Account.id == bindparam("account_id"))
    .order_by(Dealer.id)
)
"""A person with their dealers, a row each: one statement, because every request of theirs waits for it."""
_OF_SESSION: Any = _PERSON.where(
    select(Session.id).where(Session.id == bindparam("session_id"), Session.expires_at > bindparam("now")).exists()
)


def get_account(work: Work, query: contract.GetAccount) -> Account:
    """One account."""
    return work.get(Account, query.account_id)


def list_accounts(work: Work, query: contract.ListAccounts) -> contract.Accounts:
    """By their logins."""
    found, cursor = _page(work, query, Account, Account.login)
    return contract.Accounts(items=[one.describe() for one in found], next_cursor=cursor)


def list_staff(work: Work, query: contract.ListStaff) -> contract.Staff:
    """Who has a role at the dealer, or had; of the other dealers someone works at, nothing is said."""
    at_work = select(AccountMembership.account_id).where(AccountMembership.dealer == work.dealer)
    with_role = at_work
    if query.role is not None:
        with_role = at_work.where(cast(AccountMembership.roles, String).contains(f'"{query.role}"', autoescape=True))
    wanted = and_(Account.id.in_(with_role), Account.active == query.active)
    if not query.active and query.role is None:
        left = select(FormerMembership.account_id).where(FormerMembership.dealer == work.dealer)
        wanted = or_(wanted, and_(Account.id.in_(left), Account.id.not_in(at_work)))
    people, cursor = page(work, select(Account).where(wanted), query, keys=[Account.login], ascending=True)
    return contract.Staff(items=[_member(one, work.dealer) for one in people], next_cursor=cursor)


def get_api_client(work: Work, query: contract.GetApiClient) -> ApiClient:
    """One API client."""
    return work.get(ApiClient, query.api_client_id)


def list_api_clients(work: Work, query: contract.ListApiClients) -> contract.ApiClients:
    """By their client ids."""
    found, cursor = _page(work, query, ApiClient, ApiClient.client_id)
    return contract.ApiClients(items=[one.describe() for one in found], next_cursor=cursor)


def get_me(work: Work, query: GetMe) -> Me:
    """Whoever asks."""
    kind, _, name = work.call.principal.partition(":")
    found = _person(work, name) if kind == "account" else _program(work, name)
    if found is None:
        raise NotFound("not_found", kind="principal", id=work.call.principal)
    return found


def list_sessions(work: Work, query: ListSessions) -> Sessions:
    """The caller's own that live, the newest first."""
    own = select(Session).where(Session.account_id == own_account(work), Session.expires_at > work.now)
    found, cursor = page(work, own, query, keys=[Session.created_at, Session.id])
    return Sessions(items=[one.describe() for one in found], next_cursor=cursor)


def credentials_of(work: Work, principal: str, session_id: str | None) -> Credentials | None:
    """What is known of the person or program that a token names by its subject; None when its session has ended."""
    kind, _, name = principal.partition(":")
    if kind != "account":
        return credentials_of_client(work, name)
    if session_id is None:
        rows = work.ask(_PERSON, account_id=name)
    else:
        rows = work.ask(_OF_SESSION, account_id=name, session_id=session_id, now=work.now)
    if not rows:
        return None
    one = rows[0]
    return Credentials(
        principal=principal,
        actor=one.login,
        secret_hash=one.secret_hash,
        secret_number=one.secret_number,
        active=one.active,
        locale=one.locale,
        dealers={row.dealer: list(row.roles) for row in rows if row.dealer is not None},
        group_roles=list(one.group_roles),
    )


def credentials_of_account(work: Work, login: str) -> Credentials | None:
    """What the person with this login must prove."""
    found = work.first(select(Account).where(Account.login == login))
    return None if found is None else found.credentials


def credentials_of_client(work: Work, client_id: str) -> Credentials | None:
    """What the program with this client id must prove."""
    found = _client(work, client_id)
    return None if found is None else found.credentials


def _member(person: Account, dealer: str) -> contract.StaffMember:
    here = next((one for one in person.memberships if one.dealer == dealer), None)
    roles = [] if here is None else list(here.roles)
    return contract.StaffMember(
        login=person.login,
        name=person.name,
        staff_number=person.staff_number,
        roles=roles,
        active=person.active and here is not None,
    )


def _client(work: Work, client_id: str) -> ApiClient | None:
    return work.first(select(ApiClient).where(ApiClient.client_id == client_id))


def _person(work: Work, account_id: str) -> Me | None:
    rows = work.ask(_PERSON, account_id=account_id)
    if not rows:
        return None
    return Me(
        kind="person",
        login=rows[0].login,
        name=rows[0].name,
        locale=rows[0].locale,
        group_roles=list(rows[0].group_roles),
        dealers=[_own(row, row.roles) for row in rows if row.dealer is not None],
    )


def _program(work: Work, client_id: str) -> Me | None:
    found = _client(work, client_id)
    if found is None:
        return None
    roles = {one.dealer: one.roles for one in found.memberships}
    rows = work.execute(select(*_AT_DEALER).where(Dealer.id.in_(roles)).order_by(Dealer.id)) if roles else ()
    return Me(
        kind="program",
        login=found.actor,
        name=found.name,
        locale=found.language,
        group_roles=list(found.group_roles),
        dealers=[_own(row, roles[row.dealer]) for row in rows],
    )


def _own(row: Row[Any], roles: Iterable[str]) -> OwnDealer:
    return OwnDealer(
        dealer=row.dealer,
        name=row.dealer_name,
        time_zone=row.time_zone,
        currency=row.currency,
        locale=row.dealer_locale,
        roles=list(roles),
    )


def _page(
    work: Work, query: contract.ListAccounts | contract.ListApiClients, kind: type[P], name: Any
) -> tuple[list[P], str | None]:
    return page(work, select(kind), query, keys=[name], ascending=True)
