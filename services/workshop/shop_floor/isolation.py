"""The isolation of a car's high-voltage system, from the lock to the confirmed re-energising (Rule W30)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, String, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, IdType, Invalid, Quantity, Refused, Work, belongs_to, new_id
from contracts.workshop import isolation as contract
from contracts.workshop.isolation import MOST_VOLTS_AC, MOST_VOLTS_DC, IsolationState, IsolationStepKind
from contracts.workshop.isolation_events import (
    EnergisingConfirmed,
    IsolationMeasured,
    IsolationVoided,
    SystemEnergised,
    SystemIsolated,
    SystemLockedOff,
)
from services.workshop.model import Base
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.isolation_step import IsolationStep, IsolationStepDocument

STANDS: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("ended_at IS NULL"))


class Isolation(Aggregate, Base):
    """One isolation. It stands until it has `ended_at`: its re-energising was confirmed, or it was voided.

    High-voltage work is done from `isolated_at` until somebody switches on again, at `energised_at`.
    """

    __tablename__ = "isolation"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        Index("isolation_standing_key", "dealer_id", "work_order_id", unique=True, **STANDS),
        Index(None, "dealer_id", "work_order_id", "id"),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    state: Mapped[IsolationState] = mapped_column(String(10))
    lock_number: Mapped[str] = mapped_column(String(40))
    locked_at: Mapped[datetime]
    wait_until: Mapped[datetime]
    isolated_at: Mapped[datetime | None]
    energised_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    steps: Mapped[list[IsolationStep]] = relationship(
        IsolationStep, lazy="selectin", order_by=IsolationStep.number, cascade="all, delete-orphan"
    )

    @classmethod
    def lock_off(cls, order: WorkOrder, lock_number: str, *, wait: timedelta, by: str, at: datetime) -> "Isolation":
        """The system is off and locked; the wait begins."""
        one = cls(
            id=new_id(),
            work_order_id=order.id,
            visit_id=order.visit_id,
            state="locked",
            lock_number=lock_number,
            locked_at=at,
            wait_until=at + wait,
            steps=[],
        )
        one._sign(order, "lock", by=by, at=at, wait_until=one.wait_until)
        one.announce(SystemLockedOff(lock_number=lock_number, **one._facts(by, at)))
        return one

    def prove(self, order: WorkOrder, *, volts_dc: Quantity, volts_ac: Quantity, gauge: str, by: str, at: datetime) -> None:
        """Who locked it off finds no voltage left. Raises Refused before the wait is over, Invalid for a dangerous voltage."""
        self._expect("locked")
        if by != self.signed_by("lock"):
            raise Refused("isolation_of_colleague", name=self.signed_by("lock"))
        if at < self.wait_until:
            raise Refused("isolation_wait_not_over", until=self.wait_until)
        for field, volts, most in (("volts_dc", volts_dc, MOST_VOLTS_DC), ("volts_ac", volts_ac, MOST_VOLTS_AC)):
            if volts >= Quantity.of(most):
                raise Invalid.field(field, "must_be_below", most=most)
        self.state = "measured"
        self._sign(order, "measure", by=by, at=at, volts_dc=volts_dc, volts_ac=volts_ac, gauge=gauge)
        self.announce(IsolationMeasured(volts_dc=volts_dc, volts_ac=volts_ac, **self._facts(by, at)))

    def confirm(self, order: WorkOrder, *, by: str, at: datetime) -> None:
        """The second person signs: high-voltage work may begin."""
        self._expect("measured")
        self.state, self.isolated_at = "isolated", at
        self._sign(order, "confirm", by=by, at=at)
        self.announce(SystemIsolated(**self._facts(by, at)))

    def energise(self, order: WorkOrder, *, by: str, at: datetime) -> None:
        """The lock comes off and the system is switched on, also before the isolation was complete."""
        self._expect("locked", "measured", "isolated")
        self.state, self.energised_at = "energising", at
        self._sign(order, "energise", by=by, at=at)
        self.announce(SystemEnergised(**self._facts(by, at)))

    def confirm_energising(self, order: WorkOrder, *, by: str, at: datetime) -> None:
        """The second person signs: the system is live, and this isolation is over."""
        self._expect("energising")
        self.state, self.ended_at = "energised", at
        self._sign(order, "confirm_energising", by=by, at=at)
        self.announce(EnergisingConfirmed(**self._facts(by, at)))

    def void(self, order: WorkOrder, reason: str, *, by: str, at: datetime) -> None:
        """It was recorded by mistake, and never counted."""
        if self.state == "void":
            raise Refused("isolation_void")
        self.state, self.ended_at = "void", self.ended_at or at
        self._sign(order, "void", by=by, at=at, reason=reason)
        self.announce(IsolationVoided(reason=reason, **self._facts(by, at)))

    def signed_by(self, step: IsolationStepKind) -> str:
        """Who signed that step, which was made."""
        return next(one.document.signed_by for one in self.steps if one.document.step == step)

    def stood_at(self, at: datetime) -> bool:
        """Whether the system was isolated at that time, as far as is known now."""
        if self.state == "void" or self.isolated_at is None or at < self.isolated_at:
            return False
        return self.energised_at is None or at < self.energised_at

    def switched_on_during(self, begins: datetime, ends: datetime) -> bool:
        """Whether somebody switched on while work went on. People tell the time to the minute: that in which it was will do."""
        if self.state == "void" or self.energised_at is None:
            return False
        return begins < self.energised_at < ends.replace(second=0, microsecond=0)

    def describe(self) -> contract.Isolation:
        """The isolation as it is answered."""
        return contract.Isolation(
            id=self.id,
            version=self.version,
            work_order_id=self.work_order_id,
            isolation_state=self.state,
            lock_number=self.lock_number,
            locked_at=self.locked_at,
            wait_until=self.wait_until,
            isolated_at=self.isolated_at,
            ended_at=self.ended_at,
            steps=[one.describe() for one in self.steps],
        )

    def _expect(self, *states: IsolationState) -> None:
        if self.state not in states:
            raise Refused("isolation_not_so_far", state=self.state)

    def _sign(self, order: WorkOrder, step: IsolationStepKind, *, by: str, at: datetime, **said: Any) -> None:
        document = IsolationStepDocument(
            isolation_id=self.id,
            work_order_id=order.id,
            order_number=order.number,
            step=step,
            signed_by=by,
            signed_at=at,
            lock_number=self.lock_number,
            follows=self.steps[-1].document.fingerprint if self.steps else None,
            **said,
        )
        self.steps = [*self.steps, IsolationStep.of(document, len(self.steps) + 1)]

    def _facts(self, by: str, at: datetime) -> dict[str, Any]:
        return {"work_order_id": self.work_order_id, "isolation_id": self.id, "signed_by": by, "signed_at": at}


def isolations_of(work: Work, order: WorkOrder) -> list[Isolation]:
    """All of one order, the newest first."""
    found = select(Isolation).where(Isolation.work_order_id == order.id)
    return list(work.all(found.order_by(Isolation.locked_at.desc(), Isolation.id.desc())))
