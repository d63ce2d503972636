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
from contracts.parts.catalogue import ChangePart, CreatePart, ImportPriceList, ListParts
from contracts.parts.deduction import FindDeliveryDeductions, ListDeductions
from contracts.parts.issuing import GetSlip, IssueParts, ReturnParts
from contracts.parts.reservation import GetReservation, ListReservations
from contracts.parts.stock import CorrectStock, GetPart, ListMoves, ReceiveStock
from contracts.parts.task import ListTasks, ResolveTask
from contracts.workshop.events import DeliveryReversed, WorkApproved, WorkOrderDelivered, WorkOrderOpened, WorkOrderVoided
from services.parts import queries
from services.parts.domain import catalogue, deduction, issuing, price_import, receiving, reserving, tasks


class PartsService(Service):
    """Catalogue, stock, reservations, issues and deductions."""

    name = "parts"

    create_part = command(CreatePart, catalogue.create)
    change_part = command(ChangePart, catalogue.change)
    import_price_list = command(ImportPriceList, price_import.import_price_list)
    receive_stock = command(ReceiveStock, receiving.receive)
    correct_stock = command(CorrectStock, receiving.correct)
    issue_parts = command(IssueParts, issuing.issue)
    return_parts = command(ReturnParts, issuing.take_back)
    resolve_task = command(ResolveTask, tasks.resolve)
    get_part = query(GetPart, queries.get_part)
    list_parts = query(ListParts, queries.list_parts)
    list_moves = query(ListMoves, queries.list_moves)
    get_reservation = query(GetReservation, queries.get_reservation)
    list_reservations = query(ListReservations, queries.list_reservations)
    get_slip = query(GetSlip, queries.get_slip)
    list_deductions = query(ListDeductions, queries.list_deductions)
    find_delivery_deductions = query(FindDeliveryDeductions, queries.find_delivery_deductions)
    list_tasks = query(ListTasks, queries.list_tasks)
    record_dealer = subscribe(DealerRecorded, keep_dealer(), any_dealer=True)
    follow_appointment = subscribe(
        (AppointmentBooked, AppointmentRescheduled, AppointmentCancelled, AppointmentArrived, AppointmentMissed),
        reserving.follow_appointment,
    )
    follow_work_order = subscribe((WorkOrderOpened, WorkApproved, WorkOrderVoided), reserving.follow_work_order)
    deduct_stock = subscribe(WorkOrderDelivered, deduction.deduct, prefetch=deduction.prefetch)
    undo_deduction = subscribe(DeliveryReversed, deduction.undo)
