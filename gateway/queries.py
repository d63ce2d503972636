"""The gateway's windows: what administrators read, and what proves who is at the door."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import Work, page
from contracts.gateway import account, dealer
from gateway.domain.accounts import Account
from gateway.domain.clients import ApiClient
from gateway.domain.dealers import Dealer


def get_dealer(work: Work, query: dealer.GetDealer) -> Dealer:
    """One registration."""
    return work.get(Dealer, query.dealer)


def list_dealers(work: Work, query: dealer.ListDealers) -> dealer.Dealers:
    """The group's dealers by their codes."""
    found, cursor = page(
        work, select(Dealer), keys=[Dealer.id], cursor=query.cursor, limit=query.limit, filters=["dealers"], ascending=True
    )
    return dealer.Dealers(items=[one.describe() for one in found], next_cursor=cursor)


def get_account(work: Work, query: account.GetAccount) -> Account:
    """One account."""
    return work.get(Account, query.account_id)


def list_accounts(work: Work, query: account.ListAccounts) -> account.Accounts:
    """The group's accounts by their logins."""
    found, cursor = page(
        work, select(Account), keys=[Account.login], cursor=query.cursor, limit=query.limit, filters=["accounts"], ascending=True
    )
    return account.Accounts(items=[one.describe() for one in found], next_cursor=cursor)


def get_api_client(work: Work, query: account.GetApiClient) -> ApiClient:
    """One API client."""
    return work.get(ApiClient, query.api_client_id)


def list_api_clients(work: Work, query: account.ListApiClients) -> account.ApiClients:
    """The group's API clients by their client ids."""
    found, cursor = page(
        work,
        select(ApiClient),
        keys=[ApiClient.client_id],
        cursor=query.cursor,
        limit=query.limit,
        filters=["api_clients"],
        ascending=True,
    )
    return account.ApiClients(items=[one.describe() for one in found], next_cursor=cursor)


def dealer_codes(session: Session) -> list[str]:
    """The codes of all the group's dealers, in order."""
    return list(session.scalars(select(Dealer.id).order_by(Dealer.id)))


@dataclass(frozen=True)
class Holder:
    """Someone who may get a token, with the hash that proves it is them."""

    principal: str
    actor: str
    secret_hash: str
    active: bool
    locale: str
    dealers: dict[str, list[str]]
    group_roles: list[str]


def account_holder(session: Session, login: str) -> Holder | None:
    """The account with this login."""
    found = session.scalars(select(Account).where(Account.login == login)).one_or_none()
    if found is None:
        return None
    return Holder(
        principal=f"account:{found.id}",
        actor=found.login,
        secret_hash=found.password_hash,
        active=found.active,
        locale=found.locale,
        dealers={one.dealer: list(one.roles) for one in found.memberships},
        group_roles=list(found.group_roles),
    )


def client_holder(session: Session, client_id: str) -> Holder | None:
    """The API client with this client id."""
    found = session.scalars(select(ApiClient).where(ApiClient.client_id == client_id)).one_or_none()
    if found is None:
        return None
    return Holder(
        principal=f"client:{found.client_id}",
        actor=found.client_id,
        secret_hash=found.secret_hash,
        active=found.active,
        locale="en",
        dealers={one.dealer: list(one.roles) for one in found.memberships},
        group_roles=list(found.group_roles),
    )


FindHolder = Callable[[Session, str], Holder | None]
