"""The projection of people's accounts: who works at the dealer, and as what. Only they are named by their login."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy import ColumnElement, or_, select

from chassis.store.sql import has_word, upsert
from chassis.store.tables import staff_member
from chassis.wire.errors import NotYetKnown
from chassis.work.unit_of_work import Work


class RolesAtDealer(Protocol):
    """What somebody may do at one dealer."""

    @property
    def dealer(self) -> str: ...
    @property
    def roles(self) -> list[str]: ...


class Announcement(Protocol):
    """What is announced of a person's account; the chassis knows no contract, only these attributes."""

    @property
    def login(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def active(self) -> bool: ...
    @property
    def dealers(self) -> Sequence[RolesAtDealer]: ...


def keep_staff(work: Work, announcement: Announcement) -> None:
    """The use case that keeps who may work where, and as what; who is locked may nowhere. The newest fact counts."""
    if work.cause is None:
        raise RuntimeError("an account is only ever learnt from an event")
    values = {
        "id": work.cause.subject,
        "login": announcement.login,
        "name": announcement.name,
        "sequence": work.cause.sequence,
        "roles": {one.dealer: list(one.roles) for one in announcement.dealers} if announcement.active else {},
    }
    work.session.execute(upsert(work.session, staff_member, newer="sequence"), values)


def staff_roles(work: Work, field: str, login: str) -> frozenset[str]:
    """What the person whom the field names may do at the dealer.

    Raises NotYetKnown for a login that nobody has, for one of another dealer alike (nobody learns who works there), and for
    one that was announced this very moment: the gateway asks again.
    """
    found = work.session.scalar(select(staff_member.c.roles).where(staff_member.c.login == login)) or {}
    if not found.get(work.dealer):
        raise NotYetKnown.reference(field, login)
    return frozenset(found[work.dealer])


def colleagues(work: Work, logins: Iterable[str | None] = (), *, role: str | Sequence[str] | None = None) -> dict[str, str]:
    """What people are called, by login: those with these logins; or with one of these roles, all who have it at the dealer.

    Who is no person, or is not known here yet, is left out.
    """
    member = staff_member.c
    named: ColumnElement[bool] = member.login.in_(sorted({one for one in logins if one is not None}))
    roles = (role,) if isinstance(role, str) else role or ()
    wanted = or_(*(has_word(work.session, member.roles, work.dealer, one) for one in roles)) if roles else named
    return {row.login: row.name for row in work.session.execute(select(member.login, member.name).where(wanted))}
