"""workshop's door."""

from chassis.service.entrypoints import Service, command, query, subscribe
from chassis.work.unit_of_work import Work
from contracts.billing.events import GatePassUsed
from contracts.booking.events import (
    AppointmentArrived,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentMissed,
    AppointmentRescheduled,
)
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.gateway.events import DealerRecorded
from contracts.parts.events import PriceListPublished
from contracts.workshop import answers
from contracts.workshop import commands as c
from contracts.workshop import queries as q
from contracts.workshop.deliveries import Deliveries
from services.workshop import queries
from services.workshop.domain import (
    agreeing,
    catalogue,
    handing_over,
    opening,
    price_list,
    projections,
    settings,
    shop_floor,
)
from services.workshop.domain.orders import WorkOrder

AppointmentNews = (
    AppointmentBooked
    | AppointmentConfirmed
    | AppointmentRescheduled
    | AppointmentCancelled
    | AppointmentArrived
    | AppointmentMissed
)


class WorkshopService(Service):
    """Work orders from opening to delivery."""

    name = "workshop"

    @command(c.OpenWorkOrder)
    def open_work_order(self, command: c.OpenWorkOrder, work: Work) -> WorkOrder:
        """The advisor takes the customer's order for a car."""
        return opening.open_work_order(work, command)

    @command(c.RecordJob)
    def record_job(self, command: c.RecordJob, work: Work) -> WorkOrder:
        """Complaint, cause or correction is written down."""
        return agreeing.record_job(work, command)

    @command(c.AddLines)
    def add_lines(self, command: c.AddLines, work: Work) -> WorkOrder:
        """Lines are added before the first approval."""
        return agreeing.add_lines(work, command)

    @command(c.RemoveLine)
    def remove_line(self, command: c.RemoveLine, work: Work) -> WorkOrder:
        """An undecided line is taken away."""
        return agreeing.remove_line(work, command)

    @command(c.IssueEstimate)
    def issue_estimate(self, command: c.IssueEstimate, work: Work) -> WorkOrder:
        """The undecided lines are put before the customer at frozen prices."""
        return agreeing.issue_estimate(work, command)

    @command(c.ApproveEstimate)
    def approve_estimate(self, command: c.ApproveEstimate, work: Work) -> WorkOrder:
        """The customer approved; parts learns of it from WorkApproved."""
        return agreeing.approve_estimate(work, command)

    @command(c.DeclineLines)
    def decline_lines(self, command: c.DeclineLines, work: Work) -> WorkOrder:
        """The customer does not want some lines."""
        return agreeing.decline_lines(work, command)

    @command(c.ProposeAdditionalWork)
    def propose_additional_work(self, command: c.ProposeAdditionalWork, work: Work) -> WorkOrder:
        """Newly found work is put before the customer."""
        return agreeing.propose_additional_work(work, command)

    @command(c.ApproveAdditionalWork)
    def approve_additional_work(self, command: c.ApproveAdditionalWork, work: Work) -> WorkOrder:
        """The customer approved additional work; parts learns of it from WorkApproved."""
        return agreeing.approve_additional_work(work, command)

    @command(c.DispatchWorkOrder)
    def dispatch_work_order(self, command: c.DispatchWorkOrder, work: Work) -> WorkOrder:
        """A technician and a bay get the order."""
        return shop_floor.dispatch(work, command)

    @command(c.ClockOn)
    def clock_on(self, command: c.ClockOn, work: Work) -> WorkOrder:
        """The calling technician starts on a line."""
        return shop_floor.clock_on(work, command)

    @command(c.ClockOff)
    def clock_off(self, command: c.ClockOff, work: Work) -> WorkOrder:
        """The calling technician stops work on a line."""
        return shop_floor.clock_off(work, command)

    @command(c.RecordInstalled)
    def record_installed(self, command: c.RecordInstalled, work: Work) -> WorkOrder:
        """Less of a part was installed than approved."""
        return shop_floor.record_installed(work, command)

    @command(c.HoldWorkOrder)
    def hold_work_order(self, command: c.HoldWorkOrder, work: Work) -> WorkOrder:
        """Work waits for something."""
        return shop_floor.hold(work, command)

    @command(c.ResumeWorkOrder)
    def resume_work_order(self, command: c.ResumeWorkOrder, work: Work) -> WorkOrder:
        """What was waited for is there."""
        return shop_floor.resume(work, command)

    @command(c.RequestQualityCheck)
    def request_quality_check(self, command: c.RequestQualityCheck, work: Work) -> WorkOrder:
        """The car goes to the final inspection."""
        return shop_floor.request_quality_check(work, command)

    @command(c.CheckQuality)
    def check_quality(self, command: c.CheckQuality, work: Work) -> WorkOrder:
        """The caller inspected the car."""
        return shop_floor.check_quality(work, command)

    @command(c.MarkReady)
    def mark_ready(self, command: c.MarkReady, work: Work) -> WorkOrder:
        """The car can be handed over."""
        return handing_over.mark_ready(work, command)

    @command(c.DeliverWorkOrder)
    def deliver_work_order(self, command: c.DeliverWorkOrder, work: Work) -> WorkOrder:
        """The customer accepted the work and signed; billing, parts and crm learn of it from WorkOrderDelivered."""
        return handing_over.deliver(work, command)

    @command(c.ReverseDelivery)
    def reverse_delivery(self, command: c.ReverseDelivery, work: Work) -> WorkOrder:
        """A delivery entered by mistake is undone; billing, parts and crm learn of it from DeliveryReversed."""
        return handing_over.reverse_delivery(work, command)

    @command(c.VoidWorkOrder)
    def void_work_order(self, command: c.VoidWorkOrder, work: Work) -> WorkOrder:
        """An order on which nothing was begun ends."""
        return handing_over.void(work, command)

    @command(c.SetWorkshopSettings)
    def set_workshop_settings(self, command: c.SetWorkshopSettings, work: Work) -> settings.WorkshopSettings:
        """The dealer sets labour rate and call threshold."""
        return settings.set_settings(work, command)

    @command(c.SetMenuPrice)
    def set_menu_price(self, command: c.SetMenuPrice, work: Work) -> settings.WorkshopSettings:
        """The dealer sets a package price."""
        return settings.set_menu_price(work, command)

    @command(c.RemoveMenuPrice)
    def remove_menu_price(self, command: c.RemoveMenuPrice, work: Work) -> settings.WorkshopSettings:
        """The dealer takes a package price away."""
        return settings.remove_menu_price(work, command)

    @command(c.PublishOperations)
    def publish_operations(self, command: c.PublishOperations, work: Work) -> answers.Published:
        """The group adds or changes operations."""
        return catalogue.publish_operations(work, command.operations)

    @command(c.PublishCoefficients)
    def publish_coefficients(self, command: c.PublishCoefficients, work: Work) -> answers.Published:
        """The group sets model complexity coefficients."""
        return catalogue.publish_coefficients(work, command.coefficients)

    @query(q.GetWorkOrder)
    def get_work_order(self, query: q.GetWorkOrder, work: Work) -> answers.WorkOrder:
        """One order."""
        return queries.get_work_order(work, query.work_order_id)

    @query(q.ListWorkOrders)
    def list_work_orders(self, query: q.ListWorkOrders, work: Work) -> answers.WorkOrders:
        """Orders by status, plate, promised time."""
        return queries.list_work_orders(work, query)

    @query(q.GetEstimate)
    def get_estimate(self, query: q.GetEstimate, work: Work) -> answers.Estimate:
        """One version of an estimate."""
        return queries.get_estimate(work, query)

    @query(q.ListAuthorisations)
    def list_authorisations(self, query: q.ListAuthorisations, work: Work) -> answers.Authorisations:
        """The authorisation ledger of one order."""
        return queries.list_authorisations(work, query)

    @query(q.GetSettlement)
    def get_settlement(self, query: q.GetSettlement, work: Work) -> answers.Settlement:
        """The settlement, previewed or signed."""
        return queries.get_settlement(work, query)

    @query(q.ListDeliveries)
    def list_deliveries(self, query: q.ListDeliveries, work: Work) -> Deliveries:
        """Deliveries by the time they were made or reversed."""
        return queries.list_deliveries(work, query)

    @query(q.WorkshopLoad)
    def workshop_load(self, query: q.WorkshopLoad, work: Work) -> answers.ShopLoad:
        """What lies on each technician and bay."""
        return queries.workshop_load(work)

    @query(q.GetWorkshopSettings)
    def get_workshop_settings(self, query: q.GetWorkshopSettings, work: Work) -> answers.WorkshopSettings:
        """The dealer's settings."""
        return queries.get_workshop_settings(work)

    @query(q.ListOperations)
    def list_operations(self, query: q.ListOperations, work: Work) -> answers.Operations:
        """The group's operations."""
        return queries.list_operations(work, query)

    @subscribe(DealerRecorded)
    def record_dealer(self, fact: DealerRecorded, work: Work) -> None:
        """A dealer of the group is known here."""
        settings.record_dealer(work, fact)

    @subscribe(CustomerRecorded)
    def record_customer(self, fact: CustomerRecorded, work: Work) -> None:
        """A customer's file is known here."""
        projections.record_customer(work, fact.customer)

    @subscribe(VehicleRecorded)
    def record_vehicle(self, fact: VehicleRecorded, work: Work) -> None:
        """A vehicle's file is known here."""
        projections.record_vehicle(work, fact.vehicle)

    @subscribe(
        AppointmentBooked,
        AppointmentConfirmed,
        AppointmentRescheduled,
        AppointmentCancelled,
        AppointmentArrived,
        AppointmentMissed,
    )
    def follow_appointment(self, fact: AppointmentNews, work: Work) -> None:
        """An appointment's latest state is known here."""
        projections.follow_appointment(work, fact.appointment)

    @subscribe(PriceListPublished)
    def record_prices(self, fact: PriceListPublished, work: Work) -> None:
        """The dealer's price list is known here."""
        price_list.record_prices(work, fact.edition, fact.parts)

    @subscribe(GatePassUsed)
    def close_work_order(self, fact: GatePassUsed, work: Work) -> None:
        """The car left through the gate: its order is closed."""
        handing_over.close(work, fact)
