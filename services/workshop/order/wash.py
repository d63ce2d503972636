"""The wash of an order whose customer wants it (Rule W12): due, begun, done or skipped; of other orders there is no trace."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, Document, Refused, SignatureDocument, Work, belongs_to, stored
from contracts.signing import Signature
from contracts.workshop import wash as contract
from contracts.workshop.readiness_events import CarWashed, WashSkipped
from contracts.workshop.wash import WashState, WashTiming
from services.workshop.model import Base
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.settings import WorkshopSettings

OPEN = text("ended_at IS NULL")


class WashDocument(Document):
    """What whoever washed the car signs: that it is clean, and where it stands."""

    work_order_id: str
    begun_at: datetime
    begun_by: str
    ended_at: datetime
    parking_place: str


@SignatureDocument.seals
class Wash(Aggregate, Base):
    """Its id is the order's. `ended_at`: it was done, or skipped with a reason."""

    __tablename__ = "wash"
    __table_args__ = (
        belongs_to("work_order", "id"),
        Index("wash_open_ix", "dealer_id", "id", postgresql_where=OPEN, sqlite_where=OPEN),
    )

    timing: Mapped[WashTiming] = mapped_column(String(12))
    begun_at: Mapped[datetime | None]
    begun_by: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]
    document: Mapped[WashDocument | None] = mapped_column(stored(WashDocument))
    signature: Mapped[SignatureDocument | None] = mapped_column(stored(SignatureDocument))
    skipped_by: Mapped[str | None] = mapped_column(String(64))
    skipped_because: Mapped[str | None] = mapped_column(String(300))
    order: Mapped[WorkOrder] = relationship(lazy="joined", innerjoin=True)

    @property
    def state(self) -> WashState:
        """Where it stands."""
        if self.ended_at is not None:
            return "done" if self.document is not None else "skipped"
        if self.begun_at is not None:
            return "begun"
        checked = self.order.quality_passed_by is not None
        here = self.order.status is Status.QUALITY_CHECK
        return "due" if here and (checked or self.timing == "before_check") else "wanted"

    def begin(self, *, by: str, at: datetime) -> None:
        """Somebody washes the car now. Raises Refused for one that is not due."""
        self.require_nobody_at_it()
        if self.state != "due":
            raise Refused("wash_not_due")
        self.begun_at, self.begun_by = at, by

    def end(self, parking_place: str, *, by: str, at: datetime) -> None:
        """The car is clean and parked; whoever says so signs with their account."""
        if self.state != "begun":
            raise Refused("wash_not_begun")
        assert self.begun_at is not None
        assert self.begun_by is not None
        self.ended_at = at
        self.document = WashDocument(
            work_order_id=self.id, begun_at=self.begun_at, begun_by=self.begun_by, ended_at=at, parking_place=parking_place
        )
        self.signature = SignatureDocument.of_account(self.document, by=by, at=at)
        self.announce(CarWashed(work_order_id=self.id, washed_by=by, washed_at=at, parking_place=parking_place))

    def skip(self, reason: str, *, by: str, at: datetime, manages: bool) -> None:
        """It is not done after all. Raises Refused to others than who is at it, unless they manage."""
        self._require_open()
        if not manages and self.begun_by != by:
            self.require_nobody_at_it()
        self.ended_at, self.skipped_by, self.skipped_because = at, by, reason
        self.announce(WashSkipped(work_order_id=self.id, skipped_by=by, reason=reason))

    def time(self, timing: WashTiming) -> None:
        """Before or after the final inspection. Raises Refused once somebody is at it."""
        self.require_nobody_at_it()
        self.timing = timing

    def describe(self) -> contract.Wash:
        """The wash as it is answered."""
        assert self.version is not None
        one = self.document
        return contract.Wash(
            id=self.id,
            version=self.version,
            work_order_id=self.id,
            order_number=self.order.number,
            plate=self.order.vehicle["plate"],
            promised_at=self.order.promised_at,
            wash_timing=self.timing,
            state=self.state,
            begun_at=self.begun_at,
            begun_by=self.begun_by,
            ended_at=None if one is None else one.ended_at,
            parking_place=None if one is None else one.parking_place,
            signature=None if one is None or self.signature is None else Signature(**self.signature.shown_with(one)),
            skipped_by=self.skipped_by,
            skipped_because=self.skipped_because,
        )

    def require_nobody_at_it(self) -> None:
        """Raises Refused naming who washes the car, and for a wash that is over."""
        self._require_open()
        if self.begun_at is not None:
            raise Refused("wash_begun", name=self.begun_by)

    def _require_open(self) -> None:
        if self.ended_at is not None:
            raise Refused("wash_over")
        if self.order.status is Status.VOID:
            raise Refused("not_in_this_status", status=self.order.status.value, step="wash")


def want_wash(work: Work, order: WorkOrder, wanted: bool | None) -> None:
    """The customer approved an estimate with or without the free wash, or additional work, which says nothing of it (None).

    What was begun or is over stays as it is.
    """
    if wanted is None:
        return
    known = work.lock(Wash, order.id)
    if wanted and known is None:
        timing = work.settings(WorkshopSettings).wash_timing
        work.add(Wash(id=order.id, visit_id=order.visit_id, timing=timing, order=order))
    elif not wanted and known is not None and known.state in ("wanted", "due"):
        work.delete(known)


def require_washed(work: Work, order: WorkOrder, timing: WashTiming | None = None) -> None:
    """Raises Refused while a wash is wanted that is neither done nor skipped; only of one at that time, if one is named."""
    wash = work.find(Wash, order.id)
    if wash is not None and wash.ended_at is None and timing in (None, wash.timing):
        raise Refused("wash_due")
