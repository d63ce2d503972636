"""The reservation (Rule P3): what an appointment or a work order wants, what is set aside for it, and what was issued to it."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, IdType, Refused, derived_id
from contracts.parts.events import PartsPrePicked, PartsReserved, ReservationReleased
from contracts.parts.reservation import ReservationState
from contracts.shared import PartRequest
from services.parts.model import Base
from services.parts.reservation.line import ReservationLine, spread
from services.parts.reservation.request import number_for, units_by_line
from services.parts.stock.move import Origin
from services.parts.stock.stock import Stock


class Reservation(Aggregate, Base):
    """What is set aside for one appointment, or for one work order. Its id follows from theirs.

    `sequence` is that of the newest event about wanted parts that it has followed: older ones are ignored. `opened_at` is its
    place in the queue for short parts; an order takes over its appointment's. `lost`: a task says that parts set aside for it are
    gone. `on_order`: some are or were on special order for the appointment; `awaits_parts`: for the order itself. `moved_to`: the
    order that took it over. `needed_at`: the promised or appointed time, or since when it waits.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        UniqueConstraint("dealer_id", "work_order_id", name="reservation_work_order_key"),
        CheckConstraint("appointment_id IS NOT NULL OR work_order_id IS NOT NULL", name="owner"),
        Index("reservation_needed", "dealer_id", "state", "needed_at", "id"),
        Index("reservation_queue", "dealer_id", "state", "opened_at"),
    )

    state: Mapped[ReservationState] = mapped_column(String(12))
    appointment_id: Mapped[str | None] = mapped_column(IdType)
    work_order_id: Mapped[str | None] = mapped_column(IdType)
    moved_to: Mapped[str | None] = mapped_column(IdType)
    sequence: Mapped[int]
    plate: Mapped[str] = mapped_column(String(16))
    tag_date: Mapped[date | None]
    bay: Mapped[str | None] = mapped_column(String(20))
    arrived_at: Mapped[datetime | None]
    customer_id: Mapped[str | None] = mapped_column(IdType)
    order_number: Mapped[str | None] = mapped_column(String(20))
    promised_at: Mapped[datetime | None]
    promised_as_of: Mapped[datetime | None]
    needed_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    lost: Mapped[bool]
    on_order: Mapped[bool]
    awaits_parts: Mapped[bool | None]
    lines: Mapped[list[ReservationLine]] = relationship(
        lazy="joined",  # under the stock lock nobody changes the lines while a row lock is waited for
        order_by=[ReservationLine.line_id, ReservationLine.asked_for, ReservationLine.id],
        cascade="all, delete-orphan",
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"state": "open", "sequence": 0, "plate": "", "lost": False, "on_order": False, **values})

    @staticmethod
    def id_for(*, appointment_id: str | None = None, work_order_id: str | None = None) -> str:
        """The id of an appointment's or a work order's reservation."""
        return derived_id("reservation", *(("order", work_order_id) if work_order_id else ("appointment", appointment_id)))

    @property
    def numbers(self) -> set[str]:
        """Every part number the reservation has to do with."""
        return {number for line in self.lines for number in (line.number, line.asked_for)}

    def want(self, requests: Iterable[PartRequest], stock: Stock, successors: Mapping[str, str], *, approved: bool) -> set[str]:
        """Want exactly this from now on: only the difference moves. The numbers of which something became free.

        What is left over from one line goes to another line with the same part before anything is given up.
        """
        wanted = units_by_line(requests)
        left_over: Counter[str] = Counter()
        of_request: dict[tuple[str, str], list[ReservationLine]] = {}
        before = self._state()
        for line in self.lines:
            of_request.setdefault((line.line_id, line.asked_for), []).append(line)
        for key, lines in of_request.items():
            units = wanted.get(key, 0)
            for line in lines:
                line.approved = approved and key in wanted
                left_over[line.number] += line.give_back(units)
                units -= line.wanted_units
        for (line_id, asked_for), units in wanted.items():
            lines = of_request.get((line_id, asked_for), [])
            rest = units - sum(line.wanted_units for line in lines)
            if rest <= 0:
                continue
            number = number_for(asked_for, rest, stock, left_over, successors)
            line = next((one for one in lines if one.number == number), None) or self._new_line(line_id, asked_for, number)
            line.approved = approved
            line.wanted_units += rest
            inherited = min(line.short_units, left_over[number])
            left_over[number] -= inherited
            line.reserved_units += inherited
            self._fill(line, stock)
        self.lines = [line for line in self.lines if line.wanted_units or line.issued_units]
        freed = {number for number, units in left_over.items() if units}
        for number in sorted(freed):
            stock.free(number, left_over[number])
        if self.state == "open" and before != self._state():
            self._announce_reserved()
        return freed

    def requests(self) -> list[PartRequest]:
        """What is wanted, by the numbers that were asked for; of an appointment that became an order, what was booked."""
        return [line.request(line.wanted_units, line.asked_for) for line in self.lines]

    def choose_again(self, stock: Stock, successors: Mapping[str, str], number_of: Callable[[str], str]) -> set[str]:
        """Want the same as before, of the parts that are there now. The numbers of which something became free."""
        same = [line.request(line.wanted_units, number_of(line.asked_for)) for line in self.lines]
        return self.want(same, stock, successors, approved=any(line.approved for line in self.lines))

    def fill(self, stock: Stock, numbers: Collection[str]) -> bool:
        """Set aside what there is now of short parts with these numbers; whether that was anything."""
        filled = sum([self._fill(line, stock) for line in self.lines if line.number in numbers])
        if filled:
            self._announce_reserved()
        return filled > 0

    def lose(self, stock: Stock, number: str, units: int) -> int:
        """Up to so many pieces of a part that were set aside are not in the bin any more; how many that were."""
        lost = 0
        for line in reversed(self.lines):
            if line.number == number:
                lost += line.lose(units - lost, stock)
        self._announce_reserved()
        return lost

    def short_by_number(self) -> Counter[str]:
        """What the reservation waits for, by part."""
        short: Counter[str] = Counter()
        for line in self.lines if self.state == "open" else ():
            short[line.number] += line.short_units
        return short

    def short_by_request(self) -> dict[str, tuple[str, int]]:
        """What the reservation waits for, by the number that was asked for: the number to get, and how much."""
        short: dict[str, tuple[str, int]] = {}
        for line in self.lines if self.state == "open" else ():
            if line.short_units:
                short[line.asked_for] = line.number, short.get(line.asked_for, ("", 0))[1] + line.short_units
        return short

    def wants(self, asked_for: str) -> bool:
        """Whether a part is wanted by that number, there or not."""
        return self.state == "open" and any(line.asked_for == asked_for and line.wanted_units for line in self.lines)

    def release(self, stock: Stock) -> set[str]:
        """Nothing is wanted any more. The numbers of which something became free."""
        if self.state != "open":
            return set()
        self.state = "released"
        if self.lines:
            self.announce(ReservationReleased(appointment_id=self.appointment_id, work_order_id=self.work_order_id))
        return self._give_up(stock)

    def take_over(self, appointment: "Reservation", stock: Stock) -> set[str]:
        """The appointment became this order: what is set aside for it moves here, or is free if the order has ended already.

        The numbers of which something became free. Approved is none of it: the customer has not signed yet.
        """
        self.plate, self.tag_date = self.plate or appointment.plate, appointment.tag_date
        self.needed_at = self.promised_at or appointment.needed_at
        self.appointment_id, appointment.moved_to = appointment.appointment_id, self.work_order_id
        if appointment.state != "open":
            return set()
        self.on_order = self.on_order or appointment.on_order
        self.opened_at = min(self.opened_at, appointment.opened_at)
        if self.state != "open" or self.lines:
            # The order's own parts are known already: they are wanted, whatever was booked.
            appointment.state = "moved"
            return appointment._give_up(stock)
        appointment.state = "moved"
        for line in appointment.lines:
            self.lines.append(
                ReservationLine(
                    line_id=line.line_id,
                    asked_for=line.asked_for,
                    number=line.number,
                    approved=False,
                    wanted_units=line.wanted_units,
                    reserved_units=line.reserved_units,
                )
            )
            line.reserved_units = 0
        if self.lines:
            self._announce_reserved()
        return set()

    def issue(self, line_id: str, units: int, stock: Stock, *, slip_id: str) -> list[tuple[ReservationLine, int]]:
        """Hand over parts of one line: bin to work in progress; which parts, and how much of each.

        Raises Refused beyond what is approved or promised to others.
        """
        lines = [one for one in self.lines if one.line_id == line_id and one.approved]
        handed = spread(units, [(one, one.wanted_units - one.issued_units) for one in lines])
        if handed is None:
            raise Refused("beyond_approved", part_number=self._called(line_id))
        for line, share in handed:
            beyond_own = share - line.reserved_units
            in_bin = stock.balance(line.number, "bin").quantity_units
            if beyond_own > 0 and in_bin >= share and beyond_own > stock.available(line.number):
                raise Refused("reserved_for_others", part_number=line.number)
            line.issue(share, stock, origin=self._origin(line_id, slip_id))
        return handed

    def take_back(self, line_id: str, units: int, stock: Stock, *, slip_id: str) -> list[tuple[ReservationLine, int]]:
        """Unused parts of one line go back to the bin, set aside for it while the order is open; which parts, and how much."""
        lines = [one for one in reversed(self.lines) if one.line_id == line_id]
        handed = spread(units, [(one, one.issued_units) for one in lines])
        if handed is None:
            raise Refused("beyond_issued", part_number=self._called(line_id))
        for line, share in handed:
            line.take_back(share, stock, origin=self._origin(line_id, slip_id))
            self._fill(line, stock)
        return handed

    def refuse_unless_open(self) -> None:
        """Nothing is issued to an order that has left the workshop."""
        if self.state == "delivered":
            raise Refused("order_delivered", work_order_id=self.work_order_id)
        if self.state != "open":
            raise Refused("order_void", work_order_id=self.work_order_id)

    def deliver(self, stock: Stock) -> set[str]:
        """The order is delivered: what is still set aside for it is free. The numbers of which something became free."""
        self.state = "delivered"
        return self._give_up(stock)

    def reopen(self, stock: Stock) -> None:
        """The delivery was reversed: the order wants again what is approved and not on the car."""
        self.state = "open"
        self.fill(stock, self.numbers)

    def lines_of(self, line_id: str, asked_for: str) -> list[ReservationLine]:
        """The line's parts as they were asked for; the one that is still being handed out last."""
        lines = [one for one in self.lines if one.line_id == line_id and one.asked_for == asked_for]
        return sorted(lines, key=lambda one: one.wanted_units - one.issued_units)

    def use_issued(self, line_id: str, number: str, units: int) -> int:
        """Of what was issued to the order of this part, use as much as is asked for, the line's own first; how much that was."""
        left = units
        for line in sorted(self.lines, key=lambda one: one.line_id != line_id):
            if line.number == number:
                left -= line.use(left)
        return units - left

    def put_in_work(self, line_id: str, number: str, units: int) -> None:
        """What a reversed delivery gives back is work in progress of this line: it is still on the car."""
        line = next((one for one in self.lines if one.line_id == line_id and one.number == number), None)
        line = line or self._new_line(line_id, number, number)
        line.issued_units += units

    def promise(self, promised_at: datetime | None, *, as_of: datetime) -> None:
        """The car is promised for this time, if for any, since then; what was promised before that and is heard later is over."""
        if promised_at is not None and (self.promised_as_of is None or as_of >= self.promised_as_of):
            self.promised_at = self.needed_at = promised_at
            self.promised_as_of = as_of

    def _called(self, line_id: str) -> str:
        """What people call the line: its part's number; its id when it is none of this order's."""
        return next((one.number for one in self.lines if one.line_id == line_id), line_id)

    def _origin(self, line_id: str, slip_id: str) -> Origin:
        return Origin(slip_id, work_order_id=self.work_order_id, line_id=line_id)

    def _state(self) -> list[tuple[object, ...]]:
        return [(one.line_id, one.asked_for, one.number, one.wanted_units, one.reserved_units) for one in self.lines]

    def _new_line(self, line_id: str, asked_for: str, number: str) -> ReservationLine:
        line = ReservationLine(line_id=line_id, asked_for=asked_for, number=number, approved=False)
        self.lines.append(line)
        return line

    def _fill(self, line: ReservationLine, stock: Stock) -> int:
        return line.fill(stock) if self.state == "open" else 0

    def _give_up(self, stock: Stock) -> set[str]:
        return {line.number for line in self.lines if line.give_up(stock)}

    def _announce_reserved(self) -> None:
        self.announced.clear()  # each event carries the whole state: the last one of a change is enough
        reserved = [line.request(line.reserved_units) for line in self.lines if line.reserved_units]
        short = [line.request(line.short_units) for line in self.lines if line.short_units]
        if self.work_order_id is not None:
            owner, booked = self.work_order_id, self.appointment_id
            self.announce(PartsReserved(work_order_id=owner, appointment_id=booked, reserved=reserved, short=short))
        elif self.appointment_id is not None:
            self.announce(PartsPrePicked(appointment_id=self.appointment_id, reserved=reserved, short=short))
