"""What crm answers, which events it takes, and by which use case."""

from chassis import Service, command, keep_dealer, keep_staff, query, recall, subscribe, timer
from contracts.booking.events import AppointmentArrived, AppointmentFulfilled, AppointmentMissed, AppointmentRescheduled
from contracts.crm.attention import FindCareConcerns
from contracts.crm.call import CompleteCall, GetCall, LeaveCall, ListCalls, PromiseCallBack, TakeCall
from contracts.crm.customer import ChangeCustomer, GetCustomer, ListCustomers, RegisterCustomer
from contracts.crm.desk_queue import GetDeskQueue
from contracts.crm.enquiry import AnswerEnquiry, GetEnquiry, HandOnEnquiry, ListEnquiries, ReceiveEnquiry
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.crm.follow_up import (
    CompleteFollowUp,
    FindDeliveryFollowUps,
    GetFollowUp,
    LeaveFollowUp,
    ListFollowUps,
    RecordAttempt,
    TakeFollowUp,
)
from contracts.crm.invitation import GetInvitation, InviteCustomer, ListInvitations
from contracts.crm.next_appointment import MeasureNextAppointments
from contracts.crm.settings import ChangeCrmSettings, GetCrmSettings
from contracts.crm.vehicle import ChangeVehicle, FindVehicle, GetVehicle, RegisterVehicle
from contracts.gateway.events import AccountRecorded, DealerRecorded
from contracts.parts.order_part_events import OrderPartArrived, OrderPartAwaited, OrderPartClosed
from contracts.workshop.events import DeliveryReversed, WorkOrderDelivered, WorkOrderOpened, WorkOrderVoided
from contracts.workshop.reception_events import WalkAroundSigned
from services.crm.call import completing as call_completing
from services.crm.call import inviting as call_inviting
from services.crm.call import opening, promising, taking
from services.crm.call import queries as call_queries
from services.crm.customer import queries as customer_queries
from services.crm.customer import recalling as customer_recalling
from services.crm.customer import recording as customer_recording
from services.crm.desk import queries as desk_queries
from services.crm.enquiry import answering
from services.crm.enquiry import queries as enquiry_queries
from services.crm.follow_up import completing, scheduling
from services.crm.follow_up import queries as follow_up_queries
from services.crm.invitation import inviting
from services.crm.invitation import queries as invitation_queries
from services.crm.settings import changing
from services.crm.settings import queries as settings_queries
from services.crm.settings.crm_settings import CrmSettings
from services.crm.vehicle import queries as vehicle_queries
from services.crm.vehicle import reading
from services.crm.vehicle import recalling as vehicle_recalling
from services.crm.vehicle import recording as vehicle_recording


class CrmService(Service):
    """Customers, vehicles, follow-ups, calls, enquiries and invitations."""

    name = "crm"

    register_customer = command(RegisterCustomer, customer_recording.register)
    change_customer = command(ChangeCustomer, customer_recording.change)
    get_customer = query(GetCustomer, customer_queries.get_customer)
    list_customers = query(ListCustomers, vehicle_queries.list_customers)

    register_vehicle = command(RegisterVehicle, vehicle_recording.register)
    change_vehicle = command(ChangeVehicle, vehicle_recording.change)
    get_vehicle = query(GetVehicle, vehicle_queries.get_vehicle)
    find_vehicle = query(FindVehicle, vehicle_queries.find_vehicle)

    recall_customer = recall(CustomerRecorded, customer_recalling.recall_file)
    recall_vehicle = recall(VehicleRecorded, vehicle_recalling.recall_file)
    record_mileage = subscribe(WorkOrderOpened, reading.record)
    correct_mileage = subscribe(WalkAroundSigned, reading.correct)
    forget_mileage = subscribe(WorkOrderVoided, reading.forget)
    schedule_follow_up = subscribe(WorkOrderDelivered, scheduling.schedule, prefetch=scheduling.prefetch)
    cancel_follow_up = subscribe(DeliveryReversed, scheduling.cancel)
    take_follow_up = command(TakeFollowUp, taking.take_follow_up)
    leave_follow_up = command(LeaveFollowUp, taking.leave_follow_up)
    record_attempt = command(RecordAttempt, completing.record_attempt)
    complete_follow_up = command(CompleteFollowUp, completing.complete)
    get_follow_up = query(GetFollowUp, follow_up_queries.get_follow_up)
    list_follow_ups = query(ListFollowUps, follow_up_queries.list_follow_ups)
    find_delivery_follow_ups = query(FindDeliveryFollowUps, follow_up_queries.find_delivery_follow_ups)

    open_no_show_call = subscribe(AppointmentMissed, opening.open_no_show)
    settle_no_show_call = subscribe((AppointmentArrived, AppointmentRescheduled, AppointmentFulfilled), opening.settle_no_show)
    follow_order_part = subscribe((OrderPartAwaited, OrderPartArrived, OrderPartClosed), call_inviting.follow_order_part)
    promise_call_back = command(PromiseCallBack, promising.promise)
    escalate_call = timer(promising.escalate)
    take_call = command(TakeCall, taking.take)
    leave_call = command(LeaveCall, taking.leave)
    complete_call = command(CompleteCall, call_completing.complete)
    get_call = query(GetCall, call_queries.get_call)
    measure_next_appointments = query(MeasureNextAppointments, call_queries.measure_next_appointments)
    list_calls = query(ListCalls, call_queries.list_calls)

    receive_enquiry = command(ReceiveEnquiry, answering.receive)
    hand_on_enquiry = command(HandOnEnquiry, answering.hand_on)
    answer_enquiry = command(AnswerEnquiry, answering.answer)
    escalate_enquiry = timer(answering.escalate)
    get_enquiry = query(GetEnquiry, enquiry_queries.get_enquiry)
    list_enquiries = query(ListEnquiries, enquiry_queries.list_enquiries)

    invite_customer = command(InviteCustomer, inviting.invite)
    get_invitation = query(GetInvitation, invitation_queries.get_invitation)
    list_invitations = query(ListInvitations, invitation_queries.list_invitations)

    get_desk_queue = query(GetDeskQueue, desk_queries.get_desk_queue)
    find_care_concerns = query(FindCareConcerns, desk_queries.find_care_concerns)

    change_crm_settings = command(ChangeCrmSettings, changing.change)
    get_crm_settings = query(GetCrmSettings, settings_queries.get_crm_settings)
    record_dealer = subscribe(DealerRecorded, keep_dealer(CrmSettings), any_dealer=True)
    record_staff = subscribe(AccountRecorded, keep_staff)
