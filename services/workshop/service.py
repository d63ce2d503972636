"""workshop's door."""

from chassis import Service, command, keep_dealer, query, subscribe
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
from contracts.workshop import commands as c
from contracts.workshop import queries as q
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
from services.workshop.domain.settings import WorkshopSettings


class WorkshopService(Service):
    """Work orders from opening to delivery."""

    name = "workshop"

    open_work_order = command(c.OpenWorkOrder, opening.open_work_order)
    record_job = command(c.RecordJob, agreeing.record_job)
    add_lines = command(c.AddLines, agreeing.add_lines)
    remove_line = command(c.RemoveLine, agreeing.remove_line)
    issue_estimate = command(c.IssueEstimate, agreeing.issue_estimate)
    approve_estimate = command(c.ApproveEstimate, agreeing.approve_estimate)
    decline_lines = command(c.DeclineLines, agreeing.decline_lines)
    propose_additional_work = command(c.ProposeAdditionalWork, agreeing.propose_additional_work)
    approve_additional_work = command(c.ApproveAdditionalWork, agreeing.approve_additional_work)
    dispatch_work_order = command(c.DispatchWorkOrder, shop_floor.dispatch)
    clock_on = command(c.ClockOn, shop_floor.clock_on)
    clock_off = command(c.ClockOff, shop_floor.clock_off)
    record_installed = command(c.RecordInstalled, shop_floor.record_installed)
    hold_work_order = command(c.HoldWorkOrder, shop_floor.hold)
    resume_work_order = command(c.ResumeWorkOrder, shop_floor.resume)
    request_quality_check = command(c.RequestQualityCheck, shop_floor.request_quality_check)
    check_quality = command(c.CheckQuality, shop_floor.check_quality)
    mark_ready = command(c.MarkReady, handing_over.mark_ready)
    deliver_work_order = command(c.DeliverWorkOrder, handing_over.deliver)
    reverse_delivery = command(c.ReverseDelivery, handing_over.reverse_delivery)
    void_work_order = command(c.VoidWorkOrder, handing_over.void)
    set_workshop_settings = command(c.SetWorkshopSettings, settings.set_settings)
    set_menu_price = command(c.SetMenuPrice, settings.set_menu_price)
    remove_menu_price = command(c.RemoveMenuPrice, settings.remove_menu_price)
    publish_operations = command(c.PublishOperations, catalogue.publish_operations)
    publish_coefficients = command(c.PublishCoefficients, catalogue.publish_coefficients)
    get_work_order = query(q.GetWorkOrder, queries.get_work_order)
    list_work_orders = query(q.ListWorkOrders, queries.list_work_orders)
    get_estimate = query(q.GetEstimate, queries.get_estimate)
    list_authorisations = query(q.ListAuthorisations, queries.list_authorisations)
    get_settlement = query(q.GetSettlement, queries.get_settlement)
    list_deliveries = query(q.ListDeliveries, queries.list_deliveries)
    workshop_load = query(q.WorkshopLoad, queries.workshop_load)
    get_workshop_settings = query(q.GetWorkshopSettings, queries.get_workshop_settings)
    list_operations = query(q.ListOperations, queries.list_operations)
    record_dealer = subscribe(DealerRecorded, keep_dealer(WorkshopSettings), any_dealer=True)
    record_customer = subscribe(CustomerRecorded, projections.record_customer)
    record_vehicle = subscribe(VehicleRecorded, projections.record_vehicle)
    follow_appointment = subscribe(
        (
            AppointmentBooked,
            AppointmentConfirmed,
            AppointmentRescheduled,
            AppointmentCancelled,
            AppointmentArrived,
            AppointmentMissed,
        ),
        projections.follow_appointment,
    )
    record_prices = subscribe(PriceListPublished, price_list.record_prices)
    close_work_order = subscribe(GatePassUsed, handing_over.close)
