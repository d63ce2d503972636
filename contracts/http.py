"""How a request reaches a service over HTTP: one row per route; the gateway, OpenAPI and tests/doors follow it."""

from dataclasses import dataclass
from inspect import getdoc
from typing import Literal

from chassis.wire import Command, Query


@dataclass(frozen=True, kw_only=True)
class Route:
    """One HTTP route.

    `path` is relative to `/v1/dealers/{dealer}` (`/v1` for the scopes `group` and `own`); a placeholder `{work_order_id}` fills
    the field of the same name. Other fields come from the JSON body (commands) or the query string (queries). `roles` may call
    it; a service manager may call whatever any role of the dealer may. An `own` route concerns the caller alone: whoever is
    signed in may call it, and it names no roles. A `link` route, below a dealer, names none, too: it is for whoever has the token
    of a one-time link, sent as bearer token, of which the SHA-256 is the request's `token_hash`. `if_match` demands the ETag of
    the addressed aggregate: where it is overwritten or removed (PUT, PATCH, DELETE). A PUT that `may_create` creates what is not
    there yet and answers 201; it demands the ETag only of what it overwrites. An action is guarded by the state it asks for;
    there an If-Match is optional, and compared if it is sent.
    Every POST takes an Idempotency-Key. `creates` answers 201 instead of 200, `accepts` 202: another service decides on what
    was asked for, and the answer says where it stands.
    A query that `streams` answers with events, one `answer` each, for as long as the caller may listen.
    A query that `delivers` answers with the bytes of a file.
    Summary and description are the first line and the rest of the request's docstring.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    request: type[Command] | type[Query]
    roles: tuple[str, ...] = ()
    if_match: bool = False
    may_create: bool = False
    creates: bool = False
    accepts: bool = False
    streams: bool = False
    delivers: bool = False
    scope: Literal["dealer", "group", "own", "link"] = "dealer"

    @property
    def status(self) -> int:
        """The status of an answer that is no problem."""
        return 201 if self.creates else 202 if self.accepts else 200

    @property
    def summary(self) -> str:
        """What the documentation calls it: the first line of the request's docstring."""
        return (getdoc(self.request) or "").partition("\n")[0].removesuffix(".")

    @property
    def description(self) -> str:
        """What the request's docstring says besides; it may be empty."""
        return (getdoc(self.request) or "").partition("\n")[2].strip()
