"""The account of a person."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerIdType, IdType
from contracts.gateway import account as contract
from contracts.gateway.events import AccountRecorded, StaffRoles
from contracts.roles import ADMINISTRATOR
from gateway.account.principal import Membership, Principal
from gateway.model import Base


class AccountMembership(Membership):
    """A person's roles at one dealer."""

    __tablename__ = "account_membership"
    __table_args__ = (Index("account_membership_dealer_ix", "dealer"),)

    account_id: Mapped[str] = mapped_column(
        IdType, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, sort_order=-10
    )


class FormerMembership(Base):
    """Who had roles at a dealer once: what they signed there goes on naming them."""

    __tablename__ = "former_membership"

    dealer: Mapped[str] = mapped_column(DealerIdType, ForeignKey("dealer.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(IdType, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)


class Account(Principal):
    """A person who may work at several dealers."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("login"),)

    membership = AccountMembership

    login: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(10))
    staff_number: Mapped[str | None] = mapped_column(String(40))

    @property
    def subject(self) -> str:
        """By its id: a login might be given to somebody else one day."""
        return f"account:{self.id}"

    @property
    def actor(self) -> str:
        """The login."""
        return self.login

    @property
    def language(self) -> str:
        """As the person chose."""
        return self.locale

    @property
    def administers(self) -> bool:
        """Whether this account may administer the group now."""
        return self.active and ADMINISTRATOR in self.group_roles

    def record(self) -> None:
        """Announce who may work where from now on."""
        at_dealers = [StaffRoles(dealer=one.dealer, roles=one.roles) for one in self.described_memberships()]
        self.announce(
            AccountRecorded(
                login=self.login, name=self.name, staff_number=self.staff_number, active=self.active, dealers=at_dealers
            )
        )

    def describe(self) -> contract.Account:
        """The account as it is answered: without its password."""
        return contract.Account(
            id=self.id,
            version=self.version,
            login=self.login,
            name=self.name,
            locale=self.locale,
            staff_number=self.staff_number,
            active=self.active,
            dealers=self.described_memberships(),
            group_roles=list(self.group_roles),
        )
