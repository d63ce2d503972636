"""Sessions: the browser holds an opaque handle and nothing else; the gateway keeps what it stands for.

A replica exchanges the handle for an access token that is good for minutes and keeps that in memory, with what the gateway says
of the person. Nothing else is remembered here: any replica may answer any request, and signing out at one ends it at all of them.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from console.gateway import Call, Caller, Gateway, Refusal

T = TypeVar("T")

TOKENS = "/v1/tokens"
MOST = 10_000
"""So many people at once on one replica; whoever was here longest ago is exchanged again."""
EARLY_SECONDS = 20.0
"""A token is exchanged so long before it ends: a page must not begin with a good one and end with a dead one."""
KNOWN_SECONDS = 60.0
"""For so long what the gateway said of a person is not asked again; whether they still may, it says itself with every call."""


class SignedOut(Exception):
    """There is no session, or it has ended: sign in (again)."""


@dataclass(frozen=True)
class Dealer:
    """One dealer of a person."""

    id: str
    name: str
    time_zone: str
    currency: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """Who is signed in."""

    login: str
    name: str
    locale: str
    group_roles: tuple[str, ...]
    dealers: tuple[Dealer, ...]

    def at(self, dealer: str) -> Dealer | None:
        """The dealer of this id, if it is one of theirs."""
        return next((one for one in self.dealers if one.id == dealer), None)

    @classmethod
    def of(cls, me: dict[str, Any]) -> "Person":
        """What `GET /v1/me` says."""
        dealers = tuple(
            Dealer(one["dealer"], one["name"], one["time_zone"], one["currency"], tuple(one["roles"])) for one in me["dealers"]
        )
        return cls(me["login"], me["name"], me["locale"], tuple(me["group_roles"]), dealers)


@dataclass
class _Entry:
    token: str
    ends: float
    person: Person | None = None
    asked: float = field(default=0.0)


class Sessions:
    """Signs people in and out, and knows their tokens."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    def sign_in(self, login: str, password: str, caller: Caller) -> str:
        """The handle of a new session. Raises Refusal for a wrong login or password, alike."""
        given = {"grant_type": "password", "username": login, "password": password}
        answer = self._gateway.ask(Call("POST", TOKENS, form=given), caller).body
        handle = str(answer["refresh_token"])
        self._keep(handle, answer)
        return handle

    def sign_out(self, handle: str, caller: Caller) -> None:
        """End the session of the handle, here and at every replica. Raises Refusal when the gateway cannot be asked."""
        self._gateway.ask(Call("POST", f"{TOKENS}/revoke", form={"token": handle}, harmless=True), caller)
        self._entries.pop(name_of(handle), None)

    def sign_out_everywhere(self, handle: str, caller: Caller, *, key: str) -> None:
        """End all sessions of the person. Raises SignedOut when this one has ended already."""
        self.ask(Call("POST", "/v1/sessions/end-all", body={}, key=key), handle, caller)
        self._entries.pop(name_of(handle), None)

    def person(self, handle: str, caller: Caller, seconds: float = KNOWN_SECONDS) -> Person:
        """Who the session is of, as the gateway said at most so long ago. Raises SignedOut."""
        entry, now = self._entries.get(name_of(handle)), time.monotonic()
        if entry is None or entry.person is None or now - entry.asked > seconds:
            person = Person.of(self.ask(Call("GET", "/v1/me"), handle, caller))
            entry = self._entry(handle, caller)
            entry.person, entry.asked = person, now
            return person
        return entry.person

    def ask(self, call: Call, handle: str, caller: Caller) -> Any:
        """What the gateway answers the person. Raises Refusal, or SignedOut when the session has ended."""
        return self.with_token(handle, caller, lambda known: self._gateway.ask(call, known).body)

    def with_token(self, handle: str, caller: Caller, use: Callable[[Caller], T]) -> T:
        """What comes of asking with the person's token. Raises Refusal, or SignedOut when the session has ended."""
        kept = name_of(handle) in self._entries
        try:
            return use(replace(caller, token=self._entry(handle, caller).token))
        except Refusal as refusal:
            if refusal.code != "not_authenticated":
                raise
            self._entries.pop(name_of(handle), None)
            if not kept:
                raise SignedOut from refusal
        # The token may have died with a secret that was replaced; the session itself says whether it is over.
        return self.with_token(handle, caller, use)

    def _entry(self, handle: str, caller: Caller) -> _Entry:
        entry = self._entries.get(name_of(handle))
        if entry is not None and entry.ends > time.monotonic():
            self._entries.move_to_end(name_of(handle))
            return entry
        given = {"grant_type": "refresh_token", "refresh_token": handle}
        try:
            return self._keep(handle, self._gateway.ask(Call("POST", TOKENS, form=given, harmless=True), caller).body)
        except Refusal as refusal:
            if refusal.code in ("session_ended", "invalid"):
                self._entries.pop(name_of(handle), None)
                raise SignedOut from refusal
            raise

    def _keep(self, handle: str, answer: dict[str, Any]) -> _Entry:
        before = self._entries.pop(name_of(handle), None)
        ends = time.monotonic() + max(1.0, answer["expires_in"] - EARLY_SECONDS)
        entry = _Entry(str(answer["access_token"]), ends)
        if before is not None:
            entry.person, entry.asked = before.person, before.asked
        self._entries[name_of(handle)] = entry
        while len(self._entries) > MOST:
            self._entries.popitem(last=False)
        return entry


def name_of(handle: str) -> str:
    """What a session is kept under: whoever reads this process' memory by its keys learns no handle."""
    return hashlib.blake2b(handle.encode(errors="surrogatepass"), digest_size=16).hexdigest()
