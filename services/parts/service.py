"""parts' door: each method hands one validated message to a use case or a window."""

from chassis import Service, command, keep_dealer, query, subscribe
from contracts.booking.events import (
    AppointmentArrived,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMissed,
    AppointmentRescheduled,
)
from contracts.gateway.events import DealerRecorded
from contracts.parts import commands as c
from contracts.parts import queries as q
from contracts.workshop.events import DeliveryReversed, WorkApproved, WorkOrderDelivered, WorkOrderOpened, WorkOrderVoided
from services.parts import queries
from services.parts.domain import catalogue, deduction, issuing, price_import, receiving, reserving, tasks


class PartsService(Service):
    """Catalogue, stock, reservations, issues and deductions."""

    name = "parts"

    create_part = command(c.CreatePart, catalogue.create)
    change_part = command(c.ChangePart, catalogue.change)
    import_price_list = command(c.ImportPriceList, price_import.import_price_list)
    receive_stock = command(c.ReceiveStock, receiving.receive)
    correct_stock = command(c.CorrectStock, receiving.correct)
    issue_parts = command(c.IssueParts, issuing.issue)
    return_parts = command(c.ReturnParts, issuing.take_back)
    resolve_task = command(c.ResolveTask, tasks.resolve)
    get_part = query(q.GetPart, queries.get_part)
    list_parts = query(q.ListParts, queries.list_parts)
    list_moves = query(q.ListMoves, queries.list_moves)
    get_reservation = query(q.GetReservation, queries.get_reservation)
    list_reservations = query(q.ListReservations, queries.list_reservations)
    get_slip = query(q.GetSlip, queries.get_slip)
    list_deductions = query(q.ListDeductions, queries.list_deductions)
    find_delivery_deductions = query(q.FindDeliveryDeductions, queries.find_delivery_deductions)
    list_tasks = query(q.ListTasks, queries.list_tasks)
    record_dealer = subscribe(DealerRecorded, keep_dealer(), any_dealer=True)
    follow_appointment = subscribe(
        (AppointmentBooked, AppointmentRescheduled, AppointmentCancelled, AppointmentArrived, AppointmentMissed),
        reserving.follow_appointment,
    )
    follow_work_order = subscribe((WorkOrderOpened, WorkApproved, WorkOrderVoided), reserving.follow_work_order)
    deduct_stock = subscribe(WorkOrderDelivered, deduction.deduct, prefetch=deduction.prefetch)
    undo_deduction = subscribe(DeliveryReversed, deduction.undo)
