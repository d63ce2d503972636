"""The stocktake (盘点): counting, approved, its differences booked (Rule P6)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, DealerOwned, Money, Refused, Work
from contracts.parts import stocktaking as contract
from contracts.parts.catalogue import AbcClass
from contracts.parts.stocktaking import StocktakeState
from contracts.parts.stocktaking_events import StocktakeApproved, StocktakeCancelled, StocktakeOpened
from services.parts.model import Base


class StocktakeSeries(DealerOwned, Base):
    """How far the dealer's stocktakes are counted in one local year. Gaps mean nothing."""

    __tablename__ = "stocktake_series"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Stocktake(Aggregate, Base):
    """What is counted at once: the bins of a zone, of the whole store, or parts of an ABC class that are due.

    Its lines are rows of their own: there may be 100,000. Counting does not change it, so many count at once.
    """

    __tablename__ = "stocktake"
    __table_args__ = (
        UniqueConstraint("dealer_id", "number", name="stocktake_number_key"),
        Index("stocktake_state", "dealer_id", "state", "id"),
    )

    number: Mapped[str] = mapped_column(String(20))
    state: Mapped[StocktakeState] = mapped_column(String(12))
    zone: Mapped[str | None] = mapped_column(String(20))
    abc_class: Mapped[AbcClass | None] = mapped_column(String(1))
    parts: Mapped[int]
    opened_by: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(String(64))
    approved_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(300))
    differing: Mapped[int | None]
    missing_minor: Mapped[int | None]
    found_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3))

    def covers(self, place: str | None) -> bool:
        """Whether a part that lies there belongs to it, though the books know of none: a zone A has the places A and A-…."""
        if self.abc_class is not None:
            return False
        return self.zone is None or f"{place or ''}-".startswith(f"{self.zone}-")

    def begin(self, parts: int) -> None:
        """So many parts are on its sheet. Raises Refused("nothing_to_count") for none."""
        if not parts:
            raise Refused("nothing_to_count")
        self.state, self.parts = "counting", parts
        self.announce(StocktakeOpened(**self._facts()))

    def require_counting(self) -> None:
        """Raises Refused once it is approved or cancelled."""
        if self.state != "counting":
            raise Refused("stocktake_not_open", number=self.number)

    def begin_booking(self, *, at: datetime, by: str, differing: int, missing: Money, found: Money) -> None:
        """What differs is right as it was counted, and is booked from now on."""
        self.state, self.approved_at, self.approved_by = "booking", at, by
        self.differing, self.missing_minor, self.found_minor = differing, missing.minor, found.minor

    def end_booking(self) -> None:
        """All of its differences are booked."""
        self.state = "approved"
        self.announce(StocktakeApproved(**self._facts(), differing=self.differing or 0))

    def abandon(self, reason: str) -> None:
        """Nothing of it is booked."""
        self.require_counting()
        self.state, self.cancelled_because = "cancelled", reason
        self.announce(StocktakeCancelled(**self._facts()))

    def summary(self) -> contract.StocktakeSummary:
        """The stocktake as the list shows it."""
        return contract.StocktakeSummary(
            id=self.id,
            version=self.version,
            number=self.number,
            state=self.state,
            zone=self.zone,
            abc_class=self.abc_class,
            parts=self.parts,
            opened_by=self.opened_by,
            opened_at=self.opened_at,
        )

    def shown(self, *, settled: int, to_count: int, to_count_again: int) -> contract.Stocktake:
        """The stocktake as it is answered."""
        missing, found = self.missing_minor, self.found_minor
        return contract.Stocktake(
            **vars(self.summary()),
            settled=settled,
            to_count=to_count,
            to_count_again=to_count_again,
            approved_by=self.approved_by,
            approved_at=self.approved_at,
            cancelled_because=self.cancelled_because,
            differing=self.differing,
            missing=None if missing is None else Money(missing, self.currency),
            found=None if found is None else Money(found, self.currency),
        )

    def _facts(self) -> dict[str, Any]:
        names = ("number", "state", "zone", "abc_class", "parts")
        return {"stocktake_id": self.id, **{name: getattr(self, name) for name in names}}


def next_number(work: Work) -> str:
    """The next number of the dealer's local year: ST-2026-000123."""
    year = work.profile.local(work.now).year
    series = work.lock_or_create(StocktakeSeries, {"year": year}, last=0)
    series.last += 1
    return f"ST-{year:04d}-{series.last:06d}"
