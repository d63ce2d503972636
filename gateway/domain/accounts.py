"""Accounts of people (Rule G1): who they are, what they may do at which dealer, and the first administrator."""

from typing import cast

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import DealerIdType, GroupAggregate, IdType, Refused, Work, document, new_id
from contracts.gateway import account as account_contract
from contracts.gateway.account import ChangeAccount, CreateAccount, SetPassword
from contracts.gateway.dealer import Locale
from contracts.roles import ADMINISTRATOR
from gateway.domain import rights, secrets
from gateway.domain.model import Base


class AccountMembership(Base):
    """A person's roles at one dealer."""

    __tablename__ = "account_membership"

    account_id: Mapped[str] = mapped_column(IdType, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    dealer: Mapped[str] = mapped_column(DealerIdType, ForeignKey("dealer.id"), primary_key=True)
    roles: Mapped[list[str]] = mapped_column(document)


class Account(GroupAggregate, Base):
    """A person's account. An inactive one gets no token; tokens already issued live on until they expire."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("login"),)

    id: Mapped[str] = mapped_column(IdType, primary_key=True, sort_order=-10)
    login: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(2))
    active: Mapped[bool] = mapped_column(default=True)
    group_roles: Mapped[list[str]] = mapped_column(document)
    memberships: Mapped[list[AccountMembership]] = relationship(
        lazy="selectin", order_by=AccountMembership.dealer, cascade="all, delete-orphan"
    )

    @property
    def administers(self) -> bool:
        """Whether this account may administer the group now."""
        return self.active and ADMINISTRATOR in self.group_roles

    def describe(self) -> account_contract.Account:
        """The account as it is answered: without its password."""
        return account_contract.Account(
            id=self.id,
            version=self.version,
            login=self.login,
            name=self.name,
            locale=cast(Locale, self.locale),
            active=self.active,
            dealers=rights.told(self.memberships),
            group_roles=list(self.group_roles),
        )


def create(work: Work, command: CreateAccount) -> account_contract.Account:
    """Open an account. Refused when the login is taken."""
    account = Account(
        id=new_id(),
        version=1,
        login=command.login,
        name=command.name,
        password_hash=secrets.hashed(command.password),
        locale=command.locale,
        active=True,
        group_roles=sorted(set(command.group_roles)),
    )
    rights.replace_roles(account.memberships, rights.checked(work, command.dealers), AccountMembership)
    work.add(account)
    work.flush(otherwise=Refused("login_taken", login=command.login))
    return account.describe()


def change(work: Work, command: ChangeAccount) -> account_contract.Account:
    """Replace an account's facts and roles, or lock it. Refused when no active administrator would be left."""
    account = work.edit(Account, command.account_id)
    administered = account.administers
    account.name, account.locale, account.active = command.name, command.locale, command.active
    account.group_roles = sorted(set(command.group_roles))
    rights.replace_roles(account.memberships, rights.checked(work, command.dealers), AccountMembership)
    if administered and not account.administers:
        _check_another_administrator(work, account)
    return account.describe()


def set_password(work: Work, command: SetPassword) -> account_contract.Account:
    """Give an account a new password."""
    account = work.edit(Account, command.account_id)
    account.password_hash = secrets.hashed(command.password)
    return account.describe()


def _check_another_administrator(work: Work, account: Account) -> None:
    # Locked, so that two administrators cannot dismiss one another at the same time.
    others = select(Account).where(Account.active, Account.id != account.id).order_by(Account.id).with_for_update()
    if not any(other.administers for other in work.all(others)):
        raise Refused("last_administrator", login=account.login)
