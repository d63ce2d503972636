"""What people and programs have in common: a secret that proves who they are, and roles in the group and at its dealers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from chassis import DealerIdType, GroupAggregate, IdType, Invalid, document
from contracts.gateway import account as contract
from gateway.account import secret
from gateway.model import Base


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is checked against, and what the token then says."""

    principal: str
    actor: str
    secret_hash: str
    secret_number: int
    active: bool
    locale: str
    dealers: dict[str, list[str]]
    group_roles: list[str]


class Membership(Base):
    """The roles of someone at one dealer."""

    __abstract__ = True

    dealer: Mapped[str] = mapped_column(DealerIdType, ForeignKey("dealer.id"), primary_key=True)
    roles: Mapped[list[str]] = mapped_column(document)


class Principal(GroupAggregate, Base):
    """Someone who may get a token. An inactive one gets none, and those it has open nothing."""

    __abstract__ = True

    membership: ClassVar[type[Membership]]

    id: Mapped[str] = mapped_column(IdType, primary_key=True, sort_order=-10)
    name: Mapped[str] = mapped_column(String(120))
    secret_hash: Mapped[str] = mapped_column(String(200))
    secret_number: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    group_roles: Mapped[list[str]] = mapped_column(document)

    @declared_attr
    def memberships(cls) -> Mapped[list[Membership]]:  # noqa: N805  # declared_attr works on the class
        """The roles at dealers, by dealer."""
        return relationship(cls.membership, lazy="selectin", order_by=cls.membership.dealer, cascade="all, delete-orphan")

    @property
    def subject(self) -> str:
        """Unique and permanent; what a token and an idempotency key belong to."""
        raise NotImplementedError

    @property
    def actor(self) -> str:
        """The name that documents and events carry."""
        raise NotImplementedError

    @property
    def language(self) -> str:
        """The language to answer in, when a request asks for none."""
        raise NotImplementedError

    @property
    def credentials(self) -> Credentials:
        """What a sign-in is checked against."""
        return Credentials(
            principal=self.subject,
            actor=self.actor,
            secret_hash=self.secret_hash,
            secret_number=self.secret_number,
            active=self.active,
            locale=self.language,
            dealers={one.dealer: list(one.roles) for one in self.memberships},
            group_roles=list(self.group_roles),
        )

    def replace_secret(self, new: str) -> None:
        """Only the new one is good from now on, and only tokens that are given for it."""
        self.secret_hash = secret.hashed(new)
        self.secret_number = (self.secret_number or 0) + 1

    def grant(self, group_roles: Iterable[str], wanted: Iterable[contract.Membership], registered: Collection[str]) -> None:
        """Have these roles and no others. Raises Invalid naming a dealer that is not registered or stands twice."""
        roles = _by_dealer(wanted, registered)
        self.group_roles = sorted(set(group_roles))
        # Rows that stay are kept, so that nothing is deleted and inserted again.
        self.memberships[:] = [one for one in self.memberships if one.dealer in roles]
        kept = {one.dealer: one for one in self.memberships}
        for dealer, at_dealer in roles.items():
            if dealer in kept:
                kept[dealer].roles = at_dealer
            else:
                self.memberships.append(self.membership(dealer=dealer, roles=at_dealer))

    def described_memberships(self) -> list[contract.Membership]:
        """The roles at dealers as they are answered."""
        rows = sorted(self.memberships, key=lambda one: one.dealer)
        return [contract.Membership(dealer=one.dealer, roles=list(one.roles)) for one in rows]


def _by_dealer(wanted: Iterable[contract.Membership], registered: Collection[str]) -> dict[str, list[str]]:
    roles: dict[str, list[str]] = {}
    errors: dict[str, list[str]] = {}
    for number, one in enumerate(wanted):
        if one.dealer not in registered:
            errors[f"dealers.{number}.dealer"] = ["not_a_registered_dealer"]
        elif one.dealer in roles:
            errors[f"dealers.{number}.dealer"] = ["named_twice"]
        roles[one.dealer] = sorted(set(one.roles))
    if errors:
        raise Invalid.fields(errors)
    return roles
