"""A fault under observation (Rule W16, docs/domain.md): until a day, until the car comes back, or until somebody ends it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, IdType, Refused, belongs_to
from contracts.workshop import observation as contract
from contracts.workshop.observation import ObservationState, ReturnVisit
from contracts.workshop.observation_events import FaultObserved, ObservationDue, ObservationEnded
from services.workshop.model import Base
from services.workshop.order.comeback import DoneRepair
from services.workshop.order.job import require_job
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder

REVERSED = "the delivery was reversed"
OPEN: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("ended_at IS NULL"))


class Observation(Aggregate, Base):
    """Begun with a delivery that counts; `until_at` is when its last day is over. `asked_at`: the advisor was asked, once."""

    __tablename__ = "observation"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        Index("observation_of_job_key", "dealer_id", "work_order_id", "job", unique=True, **OPEN),
        Index("observation_open_ix", "dealer_id", "until_at", "id", **OPEN),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    job: Mapped[int]
    operation_group: Mapped[str] = mapped_column(String(40))
    fault: Mapped[str] = mapped_column(String(1000))
    until: Mapped[date]
    until_at: Mapped[datetime]
    begun_by: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(300))
    order: Mapped[WorkOrder] = relationship(lazy="joined", innerjoin=True)

    @classmethod
    def begin(
        cls,
        order: WorkOrder,
        *,
        job: int,
        operation_group: str,
        fault: str,
        until: date,
        until_at: datetime,
        by: str,
        at: datetime,
    ) -> "Observation":
        """The fault is observed from now on. Raises Refused before the delivery, and for a job that there is not."""
        order.require(Transition.OBSERVE_FAULT)
        require_job(order.jobs, job)
        begun = cls(
            work_order_id=order.id,
            visit_id=order.visit_id,
            job=job,
            operation_group=operation_group,
            fault=fault,
            until=until,
            until_at=until_at,
            begun_by=by,
            begun_at=at,
            order=order,
        )
        begun.announce(FaultObserved(**begun._facts()))
        return begun

    def ask(self, *, at: datetime) -> None:
        """Its day has passed without a visit."""
        self.asked_at = at
        self.announce(ObservationDue(**self._facts()))

    def end(self, reason: str, *, by: str, at: datetime) -> None:
        """It is over. Raises Refused for one that is."""
        if self.ended_at is not None:
            raise Refused("observation_ended")
        self.ended_by, self.ended_at, self.ended_because = by, at, reason
        self.announce(ObservationEnded(**self._facts(), reason=reason))

    def state(self, came_back: DoneRepair | None) -> ObservationState:
        """Where it stands; `came_back` is what the group knows of it, if the car came back for it."""
        if self.ended_at is not None:
            return "ended"
        if came_back is not None:
            return "came_back"
        return "observed" if self.asked_at is None else "due"

    def shown(self, came_back: DoneRepair | None) -> contract.Observation:
        """The observation as it is answered."""
        assert self.version is not None
        return contract.Observation(
            id=self.id,
            version=self.version,
            work_order_id=self.work_order_id,
            order_number=self.order.number,
            plate=self.order.vehicle["plate"],
            customer_name=self.order.customer["name"],
            advisor=self.order.advisor,
            job=self.job,
            operation_group=self.operation_group,
            fault=self.fault,
            until=self.until,
            observation_state=self.state(came_back),
            begun_by=self.begun_by,
            begun_at=self.begun_at,
            asked_at=self.asked_at,
            came_back=None if came_back is None else _visit(came_back),
            ended_by=self.ended_by,
            ended_at=self.ended_at,
            ended_because=self.ended_because,
        )

    def _facts(self) -> dict[str, Any]:
        return {
            "work_order_id": self.work_order_id,
            "observation_id": self.id,
            "plate": self.order.vehicle["plate"],
            "advisor": self.order.advisor,
            "job": self.job,
            "operation_group": self.operation_group,
            "fault": self.fault,
            "until": self.until,
        }


def _visit(found: DoneRepair) -> ReturnVisit:
    assert found.came_back_at is not None
    assert found.came_back_dealer is not None
    assert found.came_back_number is not None
    return ReturnVisit(dealer=found.came_back_dealer, order_number=found.came_back_number, came_at=found.came_back_at)
