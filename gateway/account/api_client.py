"""A program that calls in its own name."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType
from contracts.gateway import account as contract
from gateway.account.principal import Membership, Principal


class ApiClientMembership(Membership):
    """A program's roles at one dealer."""

    __tablename__ = "api_client_membership"

    api_client_id: Mapped[str] = mapped_column(
        IdType, ForeignKey("api_client.id", ondelete="CASCADE"), primary_key=True, sort_order=-10
    )


class ApiClient(Principal):
    """A program, with the roles it was given."""

    __tablename__ = "api_client"
    __table_args__ = (UniqueConstraint("client_id"),)

    membership = ApiClientMembership

    client_id: Mapped[str] = mapped_column(String(50))

    @property
    def subject(self) -> str:
        """By its client id, which nobody can change."""
        return f"client:{self.client_id}"

    @property
    def actor(self) -> str:
        """The client id."""
        return self.client_id

    @property
    def language(self) -> str:
        """Programs read codes; whoever reads their logs reads English."""
        return "en"

    def describe(self) -> contract.ApiClient:
        """The client as it is answered: without its secret."""
        return contract.ApiClient(
            id=self.id,
            version=self.version,
            client_id=self.client_id,
            name=self.name,
            active=self.active,
            dealers=self.described_memberships(),
            group_roles=list(self.group_roles),
        )
