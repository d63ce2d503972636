"""Letting people in by sessions: one begins with a sign-in, its handle is exchanged for access tokens, and it is ended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from chassis import NotFound, Work, new_id
from contracts.gateway import session as contract
from gateway.account.account import Account
from gateway.account.principal import Credentials
from gateway.account.session import Lifetimes, Session, hashed


@dataclass(frozen=True)
class SignedIn:
    """A session that lives, and whose it is."""

    credentials: Credentials
    session_id: str
    expires_at: datetime


def begin(work: Work, proven: Credentials, handle: str, lifetimes: Lifetimes) -> SignedIn | None:
    """A new session for the person who has proven who they are; None if they were locked or got another password meanwhile."""
    # Locked: whoever locks the account or sets its password ends all its sessions, and would not see this one.
    account = work.lock(Account, proven.principal.partition(":")[2])
    if account is None or not account.active or account.secret_number != proven.secret_number:
        return None
    session = Session(id=new_id(), account_id=account.id, handle_hash=hashed(handle), created_at=work.now)
    session.use(work.now, lifetimes)
    work.add(session)
    return SignedIn(account.credentials, session.id, session.expires_at)


def resume(work: Work, handle: str, lifetimes: Lifetimes) -> SignedIn | None:
    """The session of the handle, used once more; None if there is none that lives."""
    session = work.first(select(Session).where(Session.handle_hash == hashed(handle), Session.expires_at > work.now))
    account = None if session is None else work.find(Account, session.account_id)
    if session is None or account is None or not account.active:
        return None
    session.use(work.now, lifetimes)
    return SignedIn(account.credentials, session.id, session.expires_at)


def end_by_handle(work: Work, handle: str) -> None:
    """Its session ends, if there is one."""
    work.execute(delete(Session).where(Session.handle_hash == hashed(handle)))


def end_one(work: Work, command: contract.EndSession) -> Session:
    """One of the caller's own; another's is not found."""
    session = work.lock(Session, command.session_id)
    if session is None or session.account_id != own_account(work) or session.expires_at <= work.now:
        raise NotFound("not_found", kind="session", id=command.session_id)
    work.delete(session)
    return session


def end_own(work: Work, command: contract.EndSessions) -> contract.SessionsEnded:
    """All of the caller's own."""
    return contract.SessionsEnded(ended=end_all(work, own_account(work)))


def end_all(work: Work, account_id: str | None) -> int:
    """All sessions of an account; how many lived."""
    if account_id is None:
        return 0
    ended = work.execute(delete(Session).where(Session.account_id == account_id).returning(Session.expires_at))
    return sum(expires_at > work.now for (expires_at,) in ended)


def own_account(work: Work) -> str | None:
    """The account that asks; None for a program, which has no sessions."""
    kind, _, name = work.call.principal.partition(":")
    return name if kind == "account" else None
