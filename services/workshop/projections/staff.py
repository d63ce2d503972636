"""People who may work, as the gateway announced their accounts."""

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Work, document
from services.workshop.model import Base


class StaffMember(Base):
    """A person, with roles by dealer; none while the account is locked. The group's: people may work at several dealers."""

    __tablename__ = "staff_member"

    id: Mapped[str] = mapped_column(IdType, primary_key=True)
    login: Mapped[str] = mapped_column(String(64), index=True)
    sequence: Mapped[int]
    roles: Mapped[dict[str, list[str]]] = mapped_column(document)


def roles_of(work: Work, login: str) -> list[str] | None:
    """What the person with this login may do at the dealer; None if nobody is known by it."""
    found = work.first(select(StaffMember).where(StaffMember.login == login))
    return None if found is None else found.roles.get(work.dealer, [])
