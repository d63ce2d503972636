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
from contracts.workshop.agreement import (
    ApproveAdditionalWork,
    ApproveEstimate,
    DeclineLines,
    GetEstimate,
    IssueEstimate,
    ListAuthorisations,
    ProposeAdditionalWork,
)
from contracts.workshop.handing_over import DeliverWorkOrder, GetSettlement, ListDeliveries, MarkReady, ReverseDelivery
from contracts.workshop.order import AddLines, GetWorkOrder, ListWorkOrders, RecordJob, RemoveLine, VoidWorkOrder
from contracts.workshop.pricing import (
    GetWorkshopSettings,
    ListOperations,
    PublishCoefficients,
    PublishOperations,
    RemoveMenuPrice,
    SetMenuPrice,
    SetWorkshopSettings,
)
from contracts.workshop.reception import OpenWorkOrder
from contracts.workshop.shop_floor import (
    CheckQuality,
    ClockOff,
    ClockOn,
    DispatchWorkOrder,
    HoldWorkOrder,
    RecordInstalled,
    RequestQualityCheck,
    ResumeWorkOrder,
    WorkshopLoad,
)
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

    open_work_order = command(OpenWorkOrder, opening.open_work_order)
    record_job = command(RecordJob, agreeing.record_job)
    add_lines = command(AddLines, agreeing.add_lines)
    remove_line = command(RemoveLine, agreeing.remove_line)
    issue_estimate = command(IssueEstimate, agreeing.issue_estimate)
    approve_estimate = command(ApproveEstimate, agreeing.approve_estimate)
    decline_lines = command(DeclineLines, agreeing.decline_lines)
    propose_additional_work = command(ProposeAdditionalWork, agreeing.propose_additional_work)
    approve_additional_work = command(ApproveAdditionalWork, agreeing.approve_additional_work)
    dispatch_work_order = command(DispatchWorkOrder, shop_floor.dispatch)
    clock_on = command(ClockOn, shop_floor.clock_on)
    clock_off = command(ClockOff, shop_floor.clock_off)
    record_installed = command(RecordInstalled, shop_floor.record_installed)
    hold_work_order = command(HoldWorkOrder, shop_floor.hold)
    resume_work_order = command(ResumeWorkOrder, shop_floor.resume)
    request_quality_check = command(RequestQualityCheck, shop_floor.request_quality_check)
    check_quality = command(CheckQuality, shop_floor.check_quality)
    mark_ready = command(MarkReady, handing_over.mark_ready)
    deliver_work_order = command(DeliverWorkOrder, handing_over.deliver)
    reverse_delivery = command(ReverseDelivery, handing_over.reverse_delivery)
    void_work_order = command(VoidWorkOrder, handing_over.void)
    set_workshop_settings = command(SetWorkshopSettings, settings.set_settings)
    set_menu_price = command(SetMenuPrice, settings.set_menu_price)
    remove_menu_price = command(RemoveMenuPrice, settings.remove_menu_price)
    publish_operations = command(PublishOperations, catalogue.publish_operations)
    publish_coefficients = command(PublishCoefficients, catalogue.publish_coefficients)
    get_work_order = query(GetWorkOrder, queries.get_work_order)
    list_work_orders = query(ListWorkOrders, queries.list_work_orders)
    get_estimate = query(GetEstimate, queries.get_estimate)
    list_authorisations = query(ListAuthorisations, queries.list_authorisations)
    get_settlement = query(GetSettlement, queries.get_settlement)
    list_deliveries = query(ListDeliveries, queries.list_deliveries)
    workshop_load = query(WorkshopLoad, queries.workshop_load)
    get_workshop_settings = query(GetWorkshopSettings, queries.get_workshop_settings)
    list_operations = query(ListOperations, queries.list_operations)
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
