"""What whoever is signed in asks of themselves: who they are, and where they are signed in."""

from datetime import datetime
from typing import Literal

from chassis.wire import Answer, Command, DealerId, Id, Part, Query
from contracts.gateway.account import DealerRole, GroupRole
from contracts.gateway.dealer import Locale
from contracts.shared import Listing, Page

PrincipalKind = Literal["person", "program"]
"""Who may sign in: a person with an account, a program as an API client."""


class OwnDealer(Part):
    """A dealer one may act for, with one's roles there and what its figures and times are shown by."""

    dealer: DealerId
    name: str
    time_zone: str
    currency: str
    locale: Locale
    roles: list[DealerRole]


class Me(Answer):
    """Who is signed in, and what they may do where; the dealers in the order of their codes."""

    kind: PrincipalKind
    login: str
    name: str
    locale: Locale
    group_roles: list[GroupRole]
    dealers: list[OwnDealer]


class GetMe(Query, service="gateway", answer=Me):
    """Who I am.

    The person or program whose token it is, with the dealers it may act for. Whoever is signed in may ask.
    """


class Session(Answer):
    """A sign-in that has not ended. Neither its refresh token nor its access tokens can be read here."""

    id: Id
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


class Sessions(Answer, Page):
    """A page of one's own sessions, the newest first."""

    items: list[Session]


class ListSessions(Query, Listing, service="gateway", answer=Sessions):
    """My sessions.

    Where one is signed in, the newest first; which of them asks, the answer of `POST /v1/tokens` said. A program has none.
    """


class EndSession(Command, service="gateway", answer=Session):
    """End one of my sessions.

    Its access tokens open nothing from now on, at other gateways after two seconds at most.
    """

    session_id: Id


class SessionsEnded(Answer):
    """How many sessions were ended."""

    ended: int


class EndSessions(Command, service="gateway", answer=SessionsEnded):
    """Sign out everywhere.

    All of one's own sessions end, the one that asks too: whatever is asked next with one of their tokens is answered 401.
    """
