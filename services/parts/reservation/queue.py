"""Who waits for short parts, the oldest first."""

from collections.abc import Collection

from sqlalchemy import select

from chassis import Work
from services.parts.reservation.line import ReservationLine
from services.parts.reservation.reservation import Reservation
from services.parts.stock.stock import Stock, open_stock


def fill_shorts(work: Work, stock: Stock, numbers: Collection[str]) -> None:
    """Give what became available to those who wait for it, the oldest first."""
    wanting = sorted(number for number in numbers if stock.available(number) > 0)
    if not wanting:
        return
    short = ReservationLine.wanted_units > ReservationLine.reserved_units + ReservationLine.issued_units
    waiting = work.all(
        select(Reservation)
        .where(Reservation.state == "open", Reservation.lines.any(ReservationLine.number.in_(wanting) & short))
        .order_by(Reservation.opened_at, Reservation.id)
    )
    for reservation in waiting:
        stock = open_stock(work, reservation.numbers)
        if reservation.fill(stock, wanting):
            work.change(reservation)
