"""Whose accounts are whose: the staff numbers of people, as the gateway announced them (Rule W11)."""

from collections.abc import Collection

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Work
from services.workshop.model import Base


class PersonAccount(Base):
    """An account of somebody with a staff number. A person may have several: they are one by the number."""

    __tablename__ = "person_account"

    id: Mapped[str] = mapped_column(IdType, primary_key=True)
    login: Mapped[str] = mapped_column(String(64), index=True)
    staff_number: Mapped[str | None] = mapped_column(String(40), index=True)
    sequence: Mapped[int]


def with_other_accounts(work: Work, logins: Collection[str]) -> set[str]:
    """These logins, and all others of the same people."""
    theirs = select(PersonAccount.staff_number).where(PersonAccount.login.in_(sorted(logins)))
    with work.without_autoflush():
        found = work.all(select(PersonAccount.login).where(PersonAccount.staff_number.in_(theirs))) if logins else ()
    return {*logins, *found}


def staff_numbers(work: Work, logins: Collection[str]) -> dict[str, str]:
    """The staff number of each of these accounts that has one."""
    asked = select(PersonAccount.login, PersonAccount.staff_number)
    with work.without_autoflush():
        found = work.execute(asked.where(PersonAccount.login.in_(sorted(logins)), PersonAccount.staff_number.is_not(None)))
    return {row.login: row.staff_number for row in found}
