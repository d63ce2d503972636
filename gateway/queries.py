"""The gateway's windows: what administrators read, and what proves who is at the door."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from chassis.wire.errors import Invalid
from chassis.work.unit_of_work import Work
from contracts.gateway import answers, queries
from gateway.domain.accounts import Account
from gateway.domain.clients import ApiClient
from gateway.domain.dealers import Dealer
from gateway.domain.model import GroupAggregate

G = TypeVar("G", bound=GroupAggregate)


def list_dealers(work: Work, query: queries.ListDealers) -> answers.Dealers:
    """The group's dealers by their codes."""
    found, cursor = _page(work, Dealer, Dealer.id, query.cursor, query.limit)
    return answers.Dealers(items=[one.describe() for one in found], next_cursor=cursor)


def list_accounts(work: Work, query: queries.ListAccounts) -> answers.Accounts:
    """The group's accounts by their logins."""
    found, cursor = _page(work, Account, Account.login, query.cursor, query.limit)
    return answers.Accounts(items=[one.describe() for one in found], next_cursor=cursor)


def list_api_clients(work: Work, query: queries.ListApiClients) -> answers.ApiClients:
    """The group's API clients by their client ids."""
    found, cursor = _page(work, ApiClient, ApiClient.client_id, query.cursor, query.limit)
    return answers.ApiClients(items=[one.describe() for one in found], next_cursor=cursor)


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


def _page(
    work: Work, kind: type[G], key: InstrumentedAttribute[str], cursor: str | None, limit: int
) -> tuple[list[G], str | None]:
    # The chassis' pages are a dealer's; these lists are the group's. A cursor is good for its own list only.
    statement = select(kind).order_by(key).limit(limit + 1)
    mark = f"{kind.__name__}:"
    if cursor is not None:
        try:
            opened = base64.urlsafe_b64decode(cursor.encode()).decode()
        except ValueError:
            opened = ""
        if not opened.startswith(mark) or "\0" in opened:
            raise Invalid.fields({"cursor": ["Not a cursor of this list."]})
        statement = statement.where(key > opened.removeprefix(mark))
    rows = list(work.session.scalars(statement))
    if len(rows) <= limit:
        return rows, None
    last = cast(str, getattr(rows[limit - 1], key.key))
    return rows[:limit], base64.urlsafe_b64encode(f"{mark}{last}".encode()).decode()
