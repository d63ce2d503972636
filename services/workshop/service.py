"""workshop's registration table."""

from typing import Any

from chassis import Service, command, keep_dealer, query, recall, subscribe, timer
from contracts.billing.events import GatePassUsed, ReversalConfirmed, ReversalRefused, TaxRateSet
from contracts.booking.events import (
    AppointmentAmended,
    AppointmentArrived,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentFulfilled,
    AppointmentMissed,
    AppointmentReopened,
    AppointmentRescheduled,
    AppointmentTagged,
)
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.gateway.events import AccountRecorded, DealerRecorded
from contracts.parts.events import PartsIssued, PartsReturned, PriceListPublished
from contracts.parts.supply_events import SupplyChanged
from contracts.workshop import handing_over as handing
from contracts.workshop import lane as lanes
from contracts.workshop import leg as legs
from contracts.workshop import leg_evidence, leg_settings
from contracts.workshop import pricing as prices
from contracts.workshop import shop_floor as floor
from contracts.workshop.agreement import (
    ApproveAdditionalWork,
    ApproveEstimate,
    ChangePayer,
    CorrectSubletPrice,
    DeclineLines,
    GetEstimate,
    IssueEstimate,
    ListAuthorisations,
    ProposeAdditionalWork,
    ProposeBookedWork,
    WithdrawApproval,
)
from contracts.workshop.core_charge import ListOpenCoreCharges, ReceiveOldPart
from contracts.workshop.custody import GetCustody, HandOverThings
from contracts.workshop.declined_work import DismissDeclinedWork, ListDeclinedWork, ProposeDeclinedWork
from contracts.workshop.equipment import (
    GetEquipment,
    LendTool,
    ListEquipment,
    ListToolLoans,
    RecordEquipmentService,
    RegisterEquipment,
    RetireEquipment,
    ReturnTool,
)
from contracts.workshop.events import ReversalRequested, WorkOrderOpened
from contracts.workshop.evidence import FindRecordedFiles, GetAttachment, GetUploadTerms, ListAttachments, RecordAttachment
from contracts.workshop.finding import FindNumbers, ListWorkOrders
from contracts.workshop.loaner_offer import AnswerLoanerOffer, ListLoanerOffers
from contracts.workshop.order import (
    AddLines,
    GetWorkOrder,
    NamePayer,
    OverruleComeback,
    RecordJob,
    RemoveLine,
    UnnamePayer,
    VoidWorkOrder,
)
from contracts.workshop.reception import OpenWorkOrder
from contracts.workshop.road_test import AnswerTestDrive, ExplainComeback
from contracts.workshop.searching import SearchWorkOrders
from contracts.workshop.signing_link import SeeAnswer
from contracts.workshop.walk_around import GetReception, GetWalkAround, RecordWalkAround, SignWalkAround
from contracts.workshop.wash import BeginWash, EndWash, GetWash, ListWashes, SkipWash, TimeWash
from services.workshop.agreement import deciding, estimating, linking
from services.workshop.agreement import queries as agreement
from services.workshop.boards import BoardRows
from services.workshop.checks import CheckRows
from services.workshop.delivery_time.settings import DeliverySettings
from services.workshop.departure import DepartureRows
from services.workshop.electric import ElectricRows
from services.workshop.equipment import configuring, registering, watching
from services.workshop.equipment import queries as equipment
from services.workshop.evidence import queries as evidence
from services.workshop.handing_over import checking, delivering, receiving, reversing
from services.workshop.handing_over import queries as handing_over
from services.workshop.lane import escalating
from services.workshop.lane import queries as lane
from services.workshop.lane import receiving as lane_receiving
from services.workshop.lane.settings import ReceptionSettings
from services.workshop.leg import collecting, driving, picturing, planning, stranding
from services.workshop.leg import queries as leg
from services.workshop.leg.settings import LegSettings
from services.workshop.links import LinkRows
from services.workshop.multi_point import picturing as findings
from services.workshop.order import describing, dismissing, naming, offering, overruling, recalling
from services.workshop.order import queries as order
from services.workshop.order_file import adapter, closing
from services.workshop.order_file.settings import FileSettings
from services.workshop.people import PeopleRows
from services.workshop.pricing import configuring as pricing_configuring
from services.workshop.pricing import publishing
from services.workshop.pricing import queries as pricing
from services.workshop.pricing.settings import WorkshopSettings
from services.workshop.projections import recording
from services.workshop.promises import PromiseRows
from services.workshop.reception import arriving, entrusting, filing, opening
from services.workshop.reception import queries as reception
from services.workshop.reception import receiving as reception_receiving
from services.workshop.shop_floor import (
    accepting,
    dispatching,
    lending,
    road_testing,
    voiding,
    washing,
    working,
)
from services.workshop.shop_floor import queries as shop_floor
from services.workshop.team.settings import TeamSettings


class WorkshopService(BoardRows, CheckRows, PeopleRows, DepartureRows, PromiseRows, ElectricRows, LinkRows, Service):
    """Work orders from opening to delivery."""

    name = "workshop"

    @classmethod
    def check(cls, settings: Any) -> None:
        """And the address that health records are sent to."""
        adapter.receiver()
        super().check(settings)

    set_reception_settings = command(lanes.SetReceptionSettings, lane_receiving.set_settings)
    enter_lane = command(lanes.EnterLane, lane_receiving.enter)
    greet_customer = command(lanes.GreetCustomer, lane_receiving.greet)
    give_ticket = command(lanes.GiveTicket, lane_receiving.give_ticket)
    set_aside = command(lanes.SetAside, lane_receiving.set_aside)
    bring_back = command(lanes.BringBack, lane_receiving.bring_back)
    send_on = command(lanes.SendOn, lane_receiving.send_on)
    escalate_overdue_car = timer(escalating.escalate_overdue)
    offer_loaner = timer(offering.offer_loaner)
    answer_loaner_offer = command(AnswerLoanerOffer, offering.answer_loaner_offer)
    list_loaner_offers = query(ListLoanerOffers, order.list_loaner_offers)
    raise_lane_alert = command(lanes.RaiseLaneAlert, escalating.raise_alert)
    relieve_lane = command(lanes.RelieveLane, escalating.relieve)
    get_lane = query(lanes.GetLane, reception.get_lane)
    list_lane_alerts = query(lanes.ListLaneAlerts, lane.list_lane_alerts)
    analyse_lane = query(lanes.AnalyseLane, lane.analyse_lane)
    get_reception_settings = query(lanes.GetReceptionSettings, lane.get_settings)
    open_work_order = command(OpenWorkOrder, opening.open_work_order)
    overrule_comeback = command(OverruleComeback, overruling.overrule)
    record_walk_around = command(RecordWalkAround, reception_receiving.record)
    sign_walk_around = command(SignWalkAround, reception_receiving.sign_walk_around)
    get_walk_around = query(GetWalkAround, reception.get_walk_around)
    get_reception = query(GetReception, reception.get_reception)
    hand_over_things = command(HandOverThings, entrusting.hand_over)
    get_custody = query(GetCustody, reception.get_custody)
    set_leg_settings = command(leg_settings.SetLegSettings, stranding.set_settings)
    get_leg_settings = query(leg_settings.GetLegSettings, leg.get_leg_settings)
    plan_leg = command(legs.PlanLeg, planning.plan)
    replan_leg = command(legs.ReplanLeg, planning.replan)
    cancel_leg = command(legs.CancelLeg, planning.cancel)
    start_leg = command(legs.StartLeg, driving.start)
    record_leg_sheet = command(legs.RecordLegSheet, driving.record)
    sign_leg_sheet = command(legs.SignLegSheet, closing.sign_leg_sheet)
    fail_leg = command(legs.FailLeg, driving.fail)
    collect_car = command(legs.CollectCar, collecting.collect)
    escalate_leg = timer(driving.escalate)
    get_leg = query(legs.GetLeg, leg.get_leg)
    list_legs = query(legs.ListLegs, leg.list_legs)
    get_leg_plan = query(legs.GetLegPlan, leg.get_leg_plan)
    get_my_legs = query(legs.GetMyLegs, leg.get_my_legs)
    record_leg_attachment = command(leg_evidence.RecordLegAttachment, picturing.record_attachment)
    get_leg_upload_terms = query(leg_evidence.GetLegUploadTerms, leg.get_leg_upload_terms)
    get_leg_attachment = query(leg_evidence.GetLegAttachment, leg.get_leg_attachment)
    record_job = command(RecordJob, describing.record_job)
    add_lines = command(AddLines, describing.add_lines)
    remove_line = command(RemoveLine, describing.remove_line)
    issue_estimate = command(IssueEstimate, estimating.issue_estimate)
    approve_estimate = command(ApproveEstimate, deciding.approve_estimate)
    decline_lines = command(DeclineLines, deciding.decline_lines)
    see_answer = command(SeeAnswer, linking.see_answer)
    withdraw_approval = command(WithdrawApproval, deciding.withdraw_approval)
    change_payer = command(ChangePayer, deciding.change_payer)
    correct_sublet_price = command(CorrectSubletPrice, deciding.correct_sublet_price)
    propose_booked_work = command(ProposeBookedWork, estimating.propose_booked_work)
    propose_declined_work = command(ProposeDeclinedWork, estimating.propose_declined_work)
    dismiss_declined_work = command(DismissDeclinedWork, dismissing.dismiss)
    list_declined_work = query(ListDeclinedWork, order.list_declined_work)
    propose_additional_work = command(ProposeAdditionalWork, estimating.propose_additional_work)
    approve_additional_work = command(ApproveAdditionalWork, deciding.approve_additional_work)
    dispatch_work_order = command(floor.DispatchWorkOrder, dispatching.dispatch_work_order)
    assign_line = command(floor.AssignLine, dispatching.assign_line)
    accept_car = command(floor.AcceptCar, accepting.accept_car)
    clock_on = command(floor.ClockOn, working.clock_on)
    clock_off = command(floor.ClockOff, working.clock_off)
    clock_off_colleague = command(floor.ClockOffColleague, working.clock_off_colleague)
    record_installed = command(floor.RecordInstalled, working.record_installed)
    hold_work_order = command(floor.HoldWorkOrder, dispatching.hold)
    resume_work_order = command(floor.ResumeWorkOrder, dispatching.resume)
    begin_wash = command(BeginWash, washing.begin)
    end_wash = command(EndWash, washing.end)
    skip_wash = command(SkipWash, washing.skip)
    time_wash = command(TimeWash, washing.time)
    get_wash = query(GetWash, shop_floor.get_wash)
    list_washes = query(ListWashes, shop_floor.list_washes)
    answer_test_drive = command(AnswerTestDrive, road_testing.answer_test_drive)
    explain_comeback = command(ExplainComeback, road_testing.explain_comeback)
    mark_ready = command(handing.MarkReady, delivering.mark_ready)
    check_before_delivery = command(handing.CheckBeforeDelivery, checking.check)
    deliver_work_order = command(handing.DeliverWorkOrder, delivering.deliver)
    reverse_delivery = command(handing.ReverseDelivery, reversing.request_reversal)
    receive_old_part = command(ReceiveOldPart, receiving.receive_old_part)
    record_attachment = command(RecordAttachment, findings.record_attachment)
    register_equipment = command(RegisterEquipment, registering.register)
    record_equipment_service = command(RecordEquipmentService, registering.record_service)
    retire_equipment = command(RetireEquipment, registering.retire)
    watch_equipment = timer(watching.tell)
    lend_tool = command(LendTool, lending.lend)
    return_tool = command(ReturnTool, lending.take_back)
    name_payer = command(NamePayer, naming.name_payer)
    unname_payer = command(UnnamePayer, naming.unname_payer)
    void_work_order = command(VoidWorkOrder, voiding.void)
    set_workshop_settings = command(prices.SetWorkshopSettings, configuring.set_settings)
    set_menu_price = command(prices.SetMenuPrice, pricing_configuring.set_menu_price)
    remove_menu_price = command(prices.RemoveMenuPrice, pricing_configuring.remove_menu_price)
    publish_operations = command(prices.PublishOperations, publishing.publish_operations)
    publish_coefficients = command(prices.PublishCoefficients, publishing.publish_coefficients)
    get_work_order = query(GetWorkOrder, order.get_work_order)
    list_work_orders = query(ListWorkOrders, order.list_work_orders)
    find_numbers = query(FindNumbers, order.find_numbers)
    search_work_orders = query(SearchWorkOrders, order.search_work_orders)
    get_estimate = query(GetEstimate, agreement.get_estimate)
    list_authorisations = query(ListAuthorisations, agreement.list_authorisations)
    get_settlement = query(handing.GetSettlement, handing_over.get_settlement)
    list_deliveries = query(handing.ListDeliveries, handing_over.list_deliveries)
    list_open_core_charges = query(ListOpenCoreCharges, handing_over.list_open_core_charges)
    list_attachments = query(ListAttachments, leg.list_attachments)
    get_attachment = query(GetAttachment, leg.get_attachment)
    get_upload_terms = query(GetUploadTerms, evidence.get_upload_terms)
    find_recorded_files = query(FindRecordedFiles, evidence.find_recorded_files)
    list_clockings = query(floor.ListClockings, shop_floor.list_clockings)
    get_workshop_settings = query(prices.GetWorkshopSettings, pricing.get_workshop_settings)
    list_equipment = query(ListEquipment, equipment.list_equipment)
    get_equipment = query(GetEquipment, equipment.get_equipment)
    list_tool_loans = query(ListToolLoans, equipment.list_tool_loans)
    list_operations = query(prices.ListOperations, pricing.list_operations)
    recall_reversal = recall(ReversalRequested, reversing.recall_request)
    recall_order_number = recall(WorkOrderOpened, recalling.recall_number)
    record_dealer = subscribe(
        DealerRecorded,
        keep_dealer(WorkshopSettings, ReceptionSettings, LegSettings, TeamSettings, DeliverySettings, FileSettings),
        any_dealer=True,
    )
    record_staff = subscribe(AccountRecorded, recording.record_staff)
    record_customer = subscribe(CustomerRecorded, filing.record_customer)
    record_vehicle = subscribe(VehicleRecorded, filing.record_vehicle)
    follow_appointment = subscribe(
        (
            AppointmentBooked,
            AppointmentConfirmed,
            AppointmentAmended,
            AppointmentRescheduled,
            AppointmentTagged,
            AppointmentCancelled,
            AppointmentArrived,
            AppointmentMissed,
            AppointmentReopened,
        ),
        arriving.follow_appointment,
        prefetch=arriving.prefetch,
    )
    offer_missing_loaner = subscribe(AppointmentFulfilled, offering.offer_missing_loaner)
    record_tax_rate = subscribe(TaxRateSet, recording.record_tax_rate)
    record_prices = subscribe(PriceListPublished, recording.record_prices)
    record_supply = subscribe(SupplyChanged, recording.record_supply)
    follow_slip = subscribe((PartsIssued, PartsReturned), closing.follow_slip)
    close_work_order = subscribe(GatePassUsed, closing.leave)
    apply_reversal = subscribe(ReversalConfirmed, reversing.reverse_delivery)
    note_reversal_refusal = subscribe(ReversalRefused, reversing.note_refusal)
