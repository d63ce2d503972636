"""API clients (Rule G1): programs that call in their own name, with the roles they were given."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import DealerIdType, GroupAggregate, IdType, Refused, Work, document, new_id
from contracts.gateway import account
from contracts.gateway.account import ChangeApiClient, CreateApiClient, SetClientSecret
from gateway.domain import rights, secrets
from gateway.domain.model import Base


class ApiClientMembership(Base):
    """A program's roles at one dealer."""

    __tablename__ = "api_client_membership"

    api_client_id: Mapped[str] = mapped_column(IdType, ForeignKey("api_client.id", ondelete="CASCADE"), primary_key=True)
    dealer: Mapped[str] = mapped_column(DealerIdType, ForeignKey("dealer.id"), primary_key=True)
    roles: Mapped[list[str]] = mapped_column(document)


class ApiClient(GroupAggregate, Base):
    """A program that may call the API. An inactive one gets no token."""

    __tablename__ = "api_client"
    __table_args__ = (UniqueConstraint("client_id"),)

    id: Mapped[str] = mapped_column(IdType, primary_key=True, sort_order=-10)
    client_id: Mapped[str] = mapped_column(String(50))
    name: Mapped[str] = mapped_column(String(120))
    secret_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    group_roles: Mapped[list[str]] = mapped_column(document)
    memberships: Mapped[list[ApiClientMembership]] = relationship(
        lazy="selectin", order_by=ApiClientMembership.dealer, cascade="all, delete-orphan"
    )

    def describe(self) -> account.ApiClient:
        """The client as it is answered: without its secret."""
        return account.ApiClient(
            id=self.id,
            version=self.version,
            client_id=self.client_id,
            name=self.name,
            active=self.active,
            dealers=rights.told(self.memberships),
            group_roles=list(self.group_roles),
        )


def create(work: Work, command: CreateApiClient) -> account.ApiClient:
    """Let a program in. Refused when the client id is taken."""
    client = ApiClient(
        id=new_id(),
        version=1,
        client_id=command.client_id,
        name=command.name,
        secret_hash=secrets.hashed(command.secret),
        active=True,
        group_roles=sorted(set(command.group_roles)),
    )
    rights.replace_roles(client.memberships, rights.checked(work, command.dealers), ApiClientMembership)
    work.add(client)
    work.flush(otherwise=Refused("client_id_taken", client_id=command.client_id))
    return client.describe()


def change(work: Work, command: ChangeApiClient) -> account.ApiClient:
    """Replace a client's facts and roles, or lock it."""
    client = work.edit(ApiClient, command.api_client_id)
    client.name, client.active = command.name, command.active
    client.group_roles = sorted(set(command.group_roles))
    rights.replace_roles(client.memberships, rights.checked(work, command.dealers), ApiClientMembership)
    return client.describe()


def set_secret(work: Work, command: SetClientSecret) -> account.ApiClient:
    """Give a client a new secret."""
    client = work.edit(ApiClient, command.api_client_id)
    client.secret_hash = secrets.hashed(command.secret)
    return client.describe()
