"""The windows of parts: SQL in, plain data out; no rules."""

from decimal import Decimal

from sqlalchemy import or_, select

from chassis import Invalid, Money, NotFound, Quantity, Work, page
from contracts.parts import catalogue, deduction, issuing, reservation, stock
from contracts.parts.task import ListTasks, Tasks
from services.parts.domain.catalogue import Part, chain, successors_of
from services.parts.domain.deduction import Deduction
from services.parts.domain.issuing import Slip
from services.parts.domain.ledger import StockBalance, StockMove
from services.parts.domain.model import normalised
from services.parts.domain.reservation import Reservation
from services.parts.domain.tasks import PartsTask


def get_part(work: Work, query: stock.GetPart) -> stock.PartStock:
    """A part with its stock; a superseded number finds its final successor."""
    asked_for = normalised(query.part_number)
    number = chain(asked_for, successors_of(work, [asked_for]))[-1] if query.resolve else asked_for
    part = work.first(select(Part).where(Part.number == number))
    if part is None:
        raise NotFound("not_found", kind="part", id=asked_for)
    balances = work.all(select(StockBalance).where(StockBalance.part_number == number).order_by(StockBalance.location))
    in_bin = next((one for one in balances if one.location == "bin"), None)
    cost = in_bin.average_cost_milli if in_bin else None
    return stock.PartStock(
        **vars(part.describe()),
        asked_for=asked_for,
        on_hand=Quantity(in_bin.quantity_units if in_bin else 0),
        reserved=Quantity(in_bin.reserved_units if in_bin else 0),
        available=Quantity(in_bin.available if in_bin else 0),
        average_cost=None if cost is None else Money.rounded(Decimal(cost) / 1000, part.currency),
        locations=[stock.LocationBalance(location=one.location, quantity=Quantity(one.quantity_units)) for one in balances],
    )


def list_parts(work: Work, query: catalogue.ListParts) -> catalogue.CatalogueParts:
    """Parts by the beginning of the number or a piece of a name."""
    found = select(Part)
    if query.search:
        words = query.search.strip()
        found = found.where(
            or_(
                Part.number.startswith(words.upper(), autoescape=True),
                Part.name_zh.contains(words, autoescape=True),
                Part.name_en.icontains(words, autoescape=True),
            )
        )
    items, cursor = page(work, found, keys=(Part.number,), cursor=query.cursor, limit=query.limit, filters=(query.search,))
    return catalogue.CatalogueParts(items=[part.describe() for part in items], next_cursor=cursor)


def list_moves(work: Work, query: stock.ListMoves) -> stock.Moves:
    """The ledger of a part or a work order."""
    if query.part_number is None and query.work_order_id is None:
        raise Invalid.fields({"part_number": ["Name a part or a work order."]})
    number = normalised(query.part_number) if query.part_number is not None else None
    found = select(StockMove)
    if number is not None:
        found = found.where(StockMove.part_number == number)
    if query.work_order_id is not None:
        found = found.where(StockMove.work_order_id == query.work_order_id)
    filters = (number, query.work_order_id)
    items, cursor = page(work, found, keys=(StockMove.id,), cursor=query.cursor, limit=query.limit, filters=filters)
    return stock.Moves(items=[move.describe() for move in items], next_cursor=cursor)


def get_reservation(work: Work, query: reservation.GetReservation) -> Reservation:
    """What is reserved for an appointment or for a work order."""
    if (query.appointment_id is None) == (query.work_order_id is None):
        raise Invalid.fields({"work_order_id": ["Name either an appointment or a work order."]})
    identity = Reservation.id_for(appointment_id=query.appointment_id, work_order_id=query.work_order_id)
    found = work.find(Reservation, identity)
    if found is None:
        raise NotFound("not_found", kind="reservation", id=query.work_order_id or query.appointment_id)
    return found


def list_reservations(work: Work, query: reservation.ListReservations) -> reservation.Reservations:
    """Reservations by state."""
    found = select(Reservation)
    if query.state is not None:
        found = found.where(Reservation.state == query.state)
    items, cursor = page(work, found, keys=(Reservation.id,), cursor=query.cursor, limit=query.limit, filters=(query.state,))
    return reservation.Reservations(items=[one.describe() for one in items], next_cursor=cursor)


def get_slip(work: Work, query: issuing.GetSlip) -> Slip:
    """One issue or return slip."""
    return work.get(Slip, query.slip_id)


def list_deductions(work: Work, query: deduction.ListDeductions) -> deduction.Deductions:
    """What the deliveries of a work order took off stock."""
    found = select(Deduction).where(Deduction.work_order_id == query.work_order_id)
    filters = (query.work_order_id,)
    items, cursor = page(work, found, keys=(Deduction.revision,), cursor=query.cursor, limit=query.limit, filters=filters)
    return deduction.Deductions(items=[one.describe() for one in items], next_cursor=cursor)


def find_delivery_deductions(work: Work, query: deduction.FindDeliveryDeductions) -> deduction.DeliveryDeductions:
    """Which deliveries of some orders were deducted; what was deducted is not read."""
    rows = work.session.execute(
        select(Deduction.work_order_id, Deduction.revision, Deduction.undone_at)
        .where(Deduction.work_order_id.in_(query.work_order_ids))
        .order_by(Deduction.id)
    )
    return deduction.DeliveryDeductions(
        items=[
            deduction.DeliveryDeduction(work_order_id=order, revision=revision, undone=undone_at is not None)
            for order, revision, undone_at in rows
        ]
    )


def list_tasks(work: Work, query: ListTasks) -> Tasks:
    """Tasks of the parts desk by state and kind."""
    found = select(PartsTask)
    if query.state is not None:
        found = found.where(PartsTask.state == query.state)
    if query.kind is not None:
        found = found.where(PartsTask.kind == query.kind)
    filters = (query.state, query.kind)
    items, cursor = page(work, found, keys=(PartsTask.id,), cursor=query.cursor, limit=query.limit, filters=filters)
    return Tasks(items=[task.describe() for task in items], next_cursor=cursor)
