"""Up to what total who approves a purchase order (Rule P4)."""

from collections.abc import Collection

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerSettings, Money, Refused
from contracts.parts import purchasing as contract
from contracts.roles import SERVICE_MANAGER
from services.parts.model import Base

CLERK_LIMIT = "5000"


class PurchasingSettings(DealerSettings, Base):
    """One per dealer. No limit of the service manager's: they approve every order."""

    __tablename__ = "purchasing_settings"

    clerk_limit_minor: Mapped[int]
    manager_limit_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3))

    @classmethod
    def with_defaults(cls, currency: str) -> "PurchasingSettings":
        """What applies until the dealer sets something else."""
        return cls(clerk_limit_minor=Money.of(CLERK_LIMIT, currency).minor, manager_limit_minor=None, currency=currency)

    def set_limits(self, clerk: Money, manager: Money | None) -> None:
        """Take new limits. Raises Refused for another currency."""
        for name, limit in (("clerk_limit", clerk), ("manager_limit", manager)):
            if limit is not None and limit.currency != self.currency:
                raise Refused("wrong_currency", field=name, currency=self.currency)
        self.clerk_limit_minor, self.manager_limit_minor = clerk.minor, None if manager is None else manager.minor

    def require_within(self, total: Money, roles: Collection[str]) -> None:
        """Raises Refused("purchase_limit") above what somebody with these roles may approve."""
        limit = self.manager_limit_minor if SERVICE_MANAGER in roles else self.clerk_limit_minor
        if limit is not None and total.minor > limit:
            raise Refused("purchase_limit", total=total.plain(), limit=Money(limit, self.currency).plain())

    def describe(self) -> contract.PurchasingSettings:
        """The limits as they are answered."""
        manager = self.manager_limit_minor
        return contract.PurchasingSettings(
            id=self.id,
            version=self.version,
            clerk_limit=Money(self.clerk_limit_minor, self.currency),
            manager_limit=None if manager is None else Money(manager, self.currency),
        )
