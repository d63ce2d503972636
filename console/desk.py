"""The desk somebody sits at: who they are, at which dealer, and what they may ask the gateway there."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import eventlet
from flask import copy_current_request_context

from chassis.process.clock import Clock
from console.form import Place
from console.gateway import Call, Caller, Gateway, Refusal
from console.live.tabs import Live
from console.people import Names
from console.roles import Roles
from console.session import Dealer, Person, Sessions, SignedOut


@dataclass(frozen=True)
class Parts:
    """What every request stands on."""

    gateway: Gateway
    sessions: Sessions
    roles: Roles
    live: Live
    people: Names
    dealers: Names
    clock: Clock


class Desk:
    """One person at one dealer, for one request."""

    def __init__(self, parts: Parts, handle: str, caller: Caller, person: Person, dealer: Dealer) -> None:
        self.person = person
        self.dealer = dealer
        self.now: datetime = parts.clock.now()
        """Before anything of the dealer's was read."""
        self.waited = 0.0
        self._waiting = False
        self._parts = parts
        self._handle = handle
        self._caller = caller

    @property
    def below(self) -> str:
        """Where the dealer's things are at the gateway."""
        return f"/v1/dealers/{quote(self.dealer.id, safe='')}"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The dealer's clock."""
        return ZoneInfo(self.dealer.time_zone)

    @property
    def place(self) -> Place:
        """What a form needs to know of the dealer."""
        return Place(self.dealer.currency, self.zone)

    @property
    def today(self) -> str:
        """The dealer's local day."""
        return self.now.astimezone(self.zone).date().isoformat()

    def may(self, method: str, path: str) -> bool:
        """Whether this person may call an operation here; `path` as in the gateway's document, below the dealer."""
        return self._parts.roles.allow(self.dealer.roles, method, path, self._caller)

    def called(self, login: str, named: str | None = None) -> str:
        """What somebody who works or worked at the dealer is called, as nobody else there is; `named`: who is not listed."""
        known = self._parts.people.name(self.dealer.id, login, self.get) if self.may("GET", "/staff") else login
        return named if named and known == login else known

    def choices(self, people: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
        """Colleagues to choose from, by login, in the order they come in."""
        return [(one["login"], self.called(one["login"], one["name"])) for one in people]

    def dealer_called(self, code: str) -> str:
        """What a dealer of the group is called: one's own, or another one."""
        own = self.person.at(code)
        return self._parts.dealers.name(self.dealer.id, code, self.get) if own is None else own.name

    def get(self, path: str, /, **query: Any) -> Any:
        """What the gateway answers about something of this dealer. Raises Refusal or SignedOut."""
        asked = {name: value for name, value in query.items() if value is not None and value != ""}
        return self.ask(Call("GET", self.below + path, query=asked))

    def find(self, path: str, /, **query: Any) -> Any:
        """The same; None for what is not there, or not there yet."""
        try:
            return self.get(path, **query)
        except Refusal as refusal:
            if not refusal.absent:
                raise
            return None

    def ask(self, call: Call) -> Any:
        """What the gateway answers to any call."""
        with self._counted():
            return self._parts.sessions.ask(call, self._handle, self._caller)

    def together(self, **reads: Callable[[], Any]) -> Mapping[str, Any]:
        """Several reads at the same time, by name; the first that is refused is raised."""
        with self._counted():
            threads = {name: eventlet.spawn(copy_current_request_context(_outcome), read) for name, read in reads.items()}
            outcomes = {name: thread.wait() for name, thread in threads.items()}
        for outcome in outcomes.values():
            if isinstance(outcome, Refusal | SignedOut):
                raise outcome
        return outcomes

    def prove(self) -> None:
        """Raises SignedOut when the session has ended. Where something was asked, that answer has said so."""
        if not self.waited:
            with self._counted():
                self._parts.sessions.person(self._handle, self._caller, seconds=0.0)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        if self._waiting:
            yield
            return
        began, self._waiting = time.perf_counter(), True
        try:
            yield
        finally:
            self._waiting = False
            self.waited += time.perf_counter() - began


def _outcome(read: Callable[[], Any]) -> Any:
    # A green thread that raises would have its traceback printed.
    try:
        return read()
    except (Refusal, SignedOut) as refusal:
        return refusal
