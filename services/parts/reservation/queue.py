"""Who waits for a part gets what became free, the oldest first; what was taken, the youngest loses (Rule P3).

Every use case that moves parts out of the bin or sets them free ends with `share_out`: what a reservation says is set aside lies
in the bin.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, select

from chassis import Work
from services.parts.catalogue.part import numbers_of, successors_of, supersessions_of
from services.parts.catalogue.supersession import chain
from services.parts.purchasing.supply import tell_crossed
from services.parts.reservation.finding import known_reservation
from services.parts.reservation.line import ReservationLine
from services.parts.reservation.losing import tell_of_loss
from services.parts.reservation.reservation import Reservation
from services.parts.reservation.settling import order_short, settle
from services.parts.special_order.order_part import OrderPart
from services.parts.special_order.special_order import SpecialOrder
from services.parts.stock.stock import Stock, open_stock


def share_out(work: Work, stock: Stock, freed: Collection[str], taken: Collection[str] = ()) -> None:
    """Make reservations true after parts moved: whose parts were `taken` is short at once, who waits gets what is `freed`."""
    for number in sorted(taken):
        if stock.available(number) < 0:
            _take_away(work, stock, number)
    _fill_shorts(work, stock, freed)
    tell_crossed(work)


def serve(work: Work, waits: SpecialOrder | OrderPart) -> None:
    """Set aside what came for somebody alone, before anybody who has waited longer (Rule P5)."""
    reservation = known_reservation(work, **waits.waits_as)
    if reservation is not None and reservation.fill(open_stock(work, reservation.numbers), {waits.part_number}):
        work.change(reservation)
        settle(work, reservation)


def _take_away(work: Work, stock: Stock, number: str) -> None:
    losers = _open_ones(work, ReservationLine.number == number, ReservationLine.reserved_units > 0)
    for reservation in reversed(losers):
        missing = -stock.available(number)
        if missing <= 0:
            break
        stock = open_stock(work, reservation.numbers)
        work.change(reservation)
        tell_of_loss(work, reservation, number, reservation.lose(stock, number, missing))
        order_short(work, reservation)


def _fill_shorts(work: Work, stock: Stock, numbers: Collection[str]) -> None:
    wanting = sorted(number for number in numbers if stock.available(number) > 0)
    if not wanting:
        return
    successors = successors_of(work, wanting)
    served = {number for one in wanting for number in chain(one, successors)}
    for reservation in waiting_for(work, served):
        stock = open_stock(work, reservation.numbers)
        if successors:
            choose_again(work, reservation)
        elif reservation.fill(stock, wanting):
            work.change(reservation)
            settle(work, reservation)


def waiting_for(work: Work, numbers: Collection[str]) -> Sequence[Reservation]:
    """Whose open reservations are short of one of these parts, the oldest first."""
    return _open_ones(work, ReservationLine.number.in_(sorted(numbers)), ReservationLine.is_short())


def choose_again(work: Work, reservation: Reservation) -> None:
    """What the reservation wants may be another part now, or lie in the bin under an older number (Rule P1)."""
    catalogue = numbers_of(work, (line.asked_for for line in reservation.lines))
    asked_for = {catalogue.of(line.asked_for) for line in reservation.lines}
    successors = supersessions_of(work, asked_for)
    stock = open_stock(work, asked_for | reservation.numbers | successors.keys() | set(successors.values()))
    freed = reservation.choose_again(stock, successors, catalogue.of)
    if reservation.announced:
        work.change(reservation)
        settle(work, reservation)
        _fill_shorts(work, stock, freed)


def _open_ones(work: Work, *line: ColumnElement[bool]) -> Sequence[Reservation]:
    """The open reservations with such a line, the oldest first."""
    with_line = Reservation.lines.any(and_(*line))
    found = select(Reservation).where(Reservation.state == "open", with_line)
    return work.all(found.order_by(Reservation.opened_at, Reservation.id))
