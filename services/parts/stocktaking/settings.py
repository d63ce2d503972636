"""Up to what worth of differences who approves a stocktake, and how often parts are counted (Rule P6)."""

from collections.abc import Collection

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerSettings, Money, Refused
from contracts.parts import stocktaking as contract
from contracts.parts.catalogue import AbcClass
from contracts.parts.stocktaking import A_DAYS, B_DAYS, C_DAYS
from contracts.roles import SERVICE_MANAGER
from services.parts.model import Base

CLERK_LIMIT = "500"


class StocktakingSettings(DealerSettings, Base):
    """One per dealer. No limit of the service manager's: they approve every stocktake."""

    __tablename__ = "stocktaking_settings"

    clerk_limit_minor: Mapped[int]
    manager_limit_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3))
    a_days: Mapped[int]
    b_days: Mapped[int]
    c_days: Mapped[int]

    @classmethod
    def with_defaults(cls, currency: str) -> "StocktakingSettings":
        """What applies until the dealer sets something else."""
        limit = Money.of(CLERK_LIMIT, currency).minor
        return cls(
            clerk_limit_minor=limit, manager_limit_minor=None, currency=currency, a_days=A_DAYS, b_days=B_DAYS, c_days=C_DAYS
        )

    def change(self, told: contract.SetStocktakingSettings) -> None:
        """Take new limits and intervals. Raises Refused for another currency."""
        for name, limit in (("clerk_limit", told.clerk_limit), ("manager_limit", told.manager_limit)):
            if limit is not None and limit.currency != self.currency:
                raise Refused("wrong_currency", field=name, currency=self.currency)
        self.clerk_limit_minor = told.clerk_limit.minor
        self.manager_limit_minor = None if told.manager_limit is None else told.manager_limit.minor
        self.a_days, self.b_days, self.c_days = told.a_days, told.b_days, told.c_days

    def every_days(self, abc_class: AbcClass) -> int:
        """How many days may pass before a part of this class is counted again."""
        return {"A": self.a_days, "B": self.b_days, "C": self.c_days}[abc_class]

    def require_allowed(self, worth: Money, roles: Collection[str]) -> None:
        """Raises Refused("stocktake_limit") above what somebody with these roles may approve."""
        limit = self.manager_limit_minor if SERVICE_MANAGER in roles else self.clerk_limit_minor
        if limit is not None and worth.minor > limit:
            raise Refused("stocktake_limit", total=worth.plain(), limit=Money(limit, self.currency).plain())

    def describe(self) -> contract.StocktakingSettings:
        """The settings as they are answered."""
        manager = self.manager_limit_minor
        return contract.StocktakingSettings(
            id=self.id,
            version=self.version,
            clerk_limit=Money(self.clerk_limit_minor, self.currency),
            manager_limit=None if manager is None else Money(manager, self.currency),
            a_days=self.a_days,
            b_days=self.b_days,
            c_days=self.c_days,
        )
