"""Signing people in at the gateway's own database, without HTTP."""

from datetime import timedelta
from typing import NamedTuple

from gateway.account import admitting, queries
from gateway.account.admitting import SignedIn
from gateway.account.session import Lifetimes, new_handle
from tests.services.desk import Desk

LIFETIMES = Lifetimes(idle=timedelta(hours=12), longest=timedelta(days=30))


class Handed(NamedTuple):
    """What a sign-in leaves: the handle that its person keeps, and the session."""

    handle: str
    session: SignedIn


def sign_in(desk: Desk, login: str) -> Handed:
    """A new session of the person, whose password is taken for proven."""
    handle = new_handle()

    def begin(work):
        credentials = queries.credentials_of_account(work, login)
        assert credentials is not None
        begun = admitting.begin(work, credentials, handle, LIFETIMES)
        assert begun is not None
        return begun

    return Handed(handle, desk.executor.keep(begin))


def exchange(desk: Desk, handle: str) -> SignedIn | None:
    """The handle's session, used once more."""
    return desk.executor.keep(lambda work: admitting.resume(work, handle, LIFETIMES))
