"""Who is asking: the cookie that holds the session's handle, the browser's address, and the desk that follows from them."""

import re
import secrets
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, abort, current_app, g, request

from chassis.process.peers import client_of
from console import speaking
from console.desk import Desk, Parts
from console.gateway import Caller
from console.session import KNOWN_SECONDS, Person, SignedOut, name_of
from console.settings import ConsoleSettings

_REQUEST_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_HANDLE = re.compile(r"[\w-]{1,200}", re.ASCII)


def settings() -> ConsoleSettings:
    """The settings of this console."""
    found: ConsoleSettings = current_app.extensions["settings"]
    return found


def parts() -> Parts:
    """What this console stands on."""
    found: Parts = current_app.extensions["parts"]
    return found


def cookie_name() -> str:
    """The prefix makes browsers take the cookie from this host alone, and over TLS alone: not over plain HTTP."""
    return "__Host-lane" if settings().secure_cookie else "lane"


def handle() -> str:
    """The handle of the session: of one that begins with this request, else the cookie's. Raises SignedOut when there is none."""
    given = g.get("handle") or request.cookies.get(cookie_name(), "")
    if not _HANDLE.fullmatch(given):
        raise SignedOut
    return given


def sign_in(login: str, password: str) -> str:
    """Begin a session; the one there was ends. Raises Refusal for a wrong login or password."""
    with waiting():
        new = parts().sessions.sign_in(login, password, caller())
        if before := request.cookies.get(cookie_name()):
            parts().sessions.sign_out(before, caller())
            parts().live.end(session=name_of(before))
    g.handle = new
    return new


def sign_out(*, everywhere: bool) -> None:
    """End the session, or all of the person's, and the streams of their tabs. Raises SignedOut when it has ended already."""
    if everywhere:
        login = person().login
        parts().sessions.sign_out_everywhere(handle(), caller(), key=str(uuid.uuid4()))
        parts().live.end(login=login)
    else:
        parts().sessions.sign_out(handle(), caller())
        parts().live.end(session=name_of(handle()))


def remember(response: Response, new: str) -> None:
    """Give the browser the handle; it ends with the browser, or earlier at the gateway."""
    keep(response, cookie_name(), new, max_age=None, http_only=True)


def forget(response: Response) -> None:
    """Take the handle from the browser, and what it kept of the pages."""
    response.delete_cookie(cookie_name(), secure=settings().secure_cookie, httponly=True, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def keep(response: Response, name: str, value: str, *, max_age: int | None, http_only: bool = False) -> None:
    """Set a cookie of this host."""
    response.set_cookie(name, value, max_age=max_age, secure=settings().secure_cookie, httponly=http_only, samesite="Lax")


def origin() -> str:
    """What our addresses begin with where somebody else is to use one: whoever ends TLS before us passes the host on."""
    return f"{'https' if settings().secure_cookie else request.scheme}://{request.host}"


def caller() -> Caller:
    """On whose behalf the gateway is asked; the session adds the token."""
    return Caller(speaking.language(), request_id(), forwarded_for(), traceparent=g.span.traceparent)


def request_id() -> str:
    """What this request is called in our logs and the gateway's."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    return str(g.request_id)


def forwarded_for() -> str:
    """What the gateway is told of the browser's address: what a trusted proxy said, and our peer."""
    peer, said = _peer(), _said()
    return f"{said}, {peer}" if said and client_of(peer, said, settings().trusted_proxies) != peer else peer


def client() -> str:
    """The browser's address, as far as it can be known."""
    return client_of(_peer(), _said(), settings().trusted_proxies)


def person(seconds: float = 0.0) -> Person:
    """Who is signed in, as the gateway said at most so long ago. Raises SignedOut."""
    with waiting():
        found = parts().sessions.person(handle(), caller(), seconds)
    speaking.prefer(found.locale)
    return found


def desk(dealer: str) -> Desk:
    """The desk at a dealer; one that is not the person's is absent, like one that does not exist."""
    known = person(KNOWN_SECONDS)
    own = known.at(dealer) or person().at(dealer)
    if own is None:
        abort(404)
    g.desk = found = Desk(parts(), handle(), caller(), known, own)
    return found


@contextmanager
def waiting() -> Iterator[None]:
    """What of the request's time is the gateway's."""
    began = time.perf_counter()
    try:
        yield
    finally:
        g.waited = g.get("waited", 0.0) + time.perf_counter() - began


def _peer() -> str:
    return request.remote_addr or ""


def _said() -> str:
    return ", ".join(request.headers.getlist("X-Forwarded-For"))
