"""parts' door: each method hands one validated message to a use case or a window."""

from chassis.service.entrypoints import Service, command, query, subscribe
from chassis.work import dealers
from chassis.work.unit_of_work import Work
from contracts.booking.events import (
    AppointmentArrived,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMissed,
    AppointmentRescheduled,
)
from contracts.gateway.events import DealerRecorded
from contracts.parts import answers
from contracts.parts import commands as c
from contracts.parts import queries as q
from contracts.workshop.events import DeliveryReversed, WorkApproved, WorkOrderDelivered, WorkOrderOpened, WorkOrderVoided
from services.parts import queries
from services.parts.domain import catalogue, deduction, issuing, price_import, receiving, reserving, tasks
from services.parts.domain.catalogue import Part
from services.parts.domain.issuing import Slip
from services.parts.domain.receiving import Receipt
from services.parts.domain.reservation import Reservation
from services.parts.domain.tasks import PartsTask


class PartsService(Service):
    """Catalogue, stock, reservations, issues and deductions."""

    name = "parts"

    @command(c.CreatePart)
    def create_part(self, command: c.CreatePart, work: Work) -> Part:
        """Add a part; workshop learns of it from PriceListPublished."""
        return catalogue.create(work, command)

    @command(c.ChangePart)
    def change_part(self, command: c.ChangePart, work: Work) -> Part:
        """Replace what the catalogue says of a part."""
        return catalogue.change(work, command)

    @command(c.ImportPriceList)
    def import_price_list(self, command: c.ImportPriceList, work: Work) -> answers.ImportReport:
        """Take over a whole price file, or nothing and a report of every bad row."""
        return price_import.import_price_list(work, command)

    @command(c.ReceiveStock)
    def receive_stock(self, command: c.ReceiveStock, work: Work) -> Receipt:
        """Book what a supplier delivered; short reservations are filled."""
        return receiving.receive(work, command)

    @command(c.CorrectStock)
    def correct_stock(self, command: c.CorrectStock, work: Work) -> answers.Move:
        """Correct the record by a move with a reason."""
        return receiving.correct(work, command)

    @command(c.IssueParts)
    def issue_parts(self, command: c.IssueParts, work: Work) -> Slip:
        """Hand approved parts to a technician."""
        return issuing.issue(work, command)

    @command(c.ReturnParts)
    def return_parts(self, command: c.ReturnParts, work: Work) -> Slip:
        """Take unused parts back."""
        return issuing.take_back(work, command)

    @command(c.ResolveTask)
    def resolve_task(self, command: c.ResolveTask, work: Work) -> PartsTask:
        """The parts desk has looked into a task."""
        return tasks.resolve(work, command)

    @query(q.GetPart)
    def get_part(self, query: q.GetPart, work: Work) -> answers.PartStock:
        """A part with its stock."""
        return queries.get_part(work, query)

    @query(q.ListParts)
    def list_parts(self, query: q.ListParts, work: Work) -> answers.CatalogueParts:
        """Parts by number or name."""
        return queries.list_parts(work, query)

    @query(q.ListMoves)
    def list_moves(self, query: q.ListMoves, work: Work) -> answers.Moves:
        """The ledger of a part or a work order."""
        return queries.list_moves(work, query)

    @query(q.GetReservation)
    def get_reservation(self, query: q.GetReservation, work: Work) -> Reservation:
        """What is reserved for an appointment or a work order."""
        return queries.get_reservation(work, query)

    @query(q.ListReservations)
    def list_reservations(self, query: q.ListReservations, work: Work) -> answers.Reservations:
        """Reservations by state."""
        return queries.list_reservations(work, query)

    @query(q.GetSlip)
    def get_slip(self, query: q.GetSlip, work: Work) -> Slip:
        """One issue or return slip."""
        return work.get(Slip, query.slip_id)

    @query(q.ListDeductions)
    def list_deductions(self, query: q.ListDeductions, work: Work) -> answers.Deductions:
        """What the deliveries of a work order took off stock."""
        return queries.list_deductions(work, query)

    @query(q.FindDeliveryDeductions)
    def find_delivery_deductions(self, query: q.FindDeliveryDeductions, work: Work) -> answers.DeliveryDeductions:
        """Which deliveries of some work orders were deducted."""
        return queries.find_delivery_deductions(work, query)

    @query(q.ListTasks)
    def list_tasks(self, query: q.ListTasks, work: Work) -> answers.Tasks:
        """Tasks of the parts desk."""
        return queries.list_tasks(work, query)

    @subscribe(DealerRecorded)
    def record_dealer(self, fact: DealerRecorded, work: Work) -> None:
        """Know the dealer's time zone and currency."""
        dealers.record_dealer(work, fact)

    @subscribe(AppointmentBooked, AppointmentRescheduled, AppointmentCancelled, AppointmentArrived, AppointmentMissed)
    def follow_appointment(self, fact: reserving.AppointmentFact, work: Work) -> None:
        """Pre-pick what the booked car needs (Rule B6)."""
        reserving.follow_appointment(work, fact)

    @subscribe(WorkOrderOpened, WorkApproved, WorkOrderVoided)
    def follow_work_order(self, fact: reserving.WorkOrderFact, work: Work) -> None:
        """Set aside what the customer approved (Rule P3)."""
        reserving.follow_work_order(work, fact)

    @subscribe(WorkOrderDelivered, read_ahead=deduction.read_ahead)
    def deduct_stock(self, fact: WorkOrderDelivered, work: Work) -> None:
        """Take the installed parts off stock, once per delivery (Rule P3)."""
        deduction.deduct(work, fact)

    @subscribe(DeliveryReversed)
    def undo_deduction(self, fact: DeliveryReversed, work: Work) -> None:
        """Give back what a reversed delivery took (Rule W15)."""
        deduction.undo(work, fact)
