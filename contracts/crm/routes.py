"""crm's HTTP routes."""

from contracts.crm import call, customer, desk_queue, enquiry, follow_up, invitation, next_appointment, settings, vehicle
from contracts.http import Route
from contracts.roles import BOOKING_AGENT, CASHIER, CRM_AGENT, SERVICE_ADVISOR, SERVICE_MANAGER, STAFF

FRONT = (BOOKING_AGENT, SERVICE_ADVISOR, CRM_AGENT)

ROUTES: tuple[Route, ...] = (
    Route(method="POST", path="/customers", request=customer.RegisterCustomer, roles=FRONT, creates=True),
    Route(method="GET", path="/customers", request=customer.ListCustomers, roles=(*FRONT, CASHIER)),
    Route(method="GET", path="/customers/{customer_id}", request=customer.GetCustomer, roles=(*FRONT, CASHIER)),
    Route(method="PUT", path="/customers/{customer_id}", request=customer.ChangeCustomer, roles=FRONT, if_match=True),
    Route(method="POST", path="/vehicles", request=vehicle.RegisterVehicle, roles=FRONT, creates=True),
    Route(method="GET", path="/vehicles", request=vehicle.FindVehicle, roles=STAFF),
    Route(method="GET", path="/vehicles/{vehicle_id}", request=vehicle.GetVehicle, roles=STAFF),
    Route(method="PUT", path="/vehicles/{vehicle_id}", request=vehicle.ChangeVehicle, roles=FRONT, if_match=True),
    Route(method="GET", path="/follow-ups", request=follow_up.ListFollowUps, roles=(CRM_AGENT, SERVICE_ADVISOR)),
    Route(method="GET", path="/follow-ups/{follow_up_id}", request=follow_up.GetFollowUp, roles=(CRM_AGENT, SERVICE_ADVISOR)),
    Route(method="POST", path="/follow-ups/{follow_up_id}/take", request=follow_up.TakeFollowUp, roles=(CRM_AGENT,)),
    Route(method="POST", path="/follow-ups/{follow_up_id}/leave", request=follow_up.LeaveFollowUp, roles=(CRM_AGENT,)),
    Route(
        method="POST",
        path="/follow-ups/{follow_up_id}/attempts",
        request=follow_up.RecordAttempt,
        roles=(CRM_AGENT,),
    ),
    Route(
        method="POST",
        path="/follow-ups/{follow_up_id}/complete",
        request=follow_up.CompleteFollowUp,
        roles=(CRM_AGENT,),
    ),
    Route(method="GET", path="/desk-queue", request=desk_queue.GetDeskQueue, roles=FRONT),
    Route(method="POST", path="/calls", request=call.PromiseCallBack, roles=FRONT, creates=True),
    Route(method="GET", path="/calls", request=call.ListCalls, roles=FRONT),
    Route(method="GET", path="/calls/{call_id}", request=call.GetCall, roles=FRONT),
    Route(method="POST", path="/calls/{call_id}/take", request=call.TakeCall, roles=FRONT),
    Route(method="POST", path="/calls/{call_id}/leave", request=call.LeaveCall, roles=FRONT),
    Route(method="POST", path="/calls/{call_id}/complete", request=call.CompleteCall, roles=FRONT),
    Route(method="POST", path="/enquiries", request=enquiry.ReceiveEnquiry, roles=FRONT, creates=True),
    Route(method="GET", path="/enquiries", request=enquiry.ListEnquiries, roles=FRONT),
    Route(method="GET", path="/enquiries/{enquiry_id}", request=enquiry.GetEnquiry, roles=FRONT),
    Route(method="POST", path="/enquiries/{enquiry_id}/hand-on", request=enquiry.HandOnEnquiry, roles=FRONT),
    Route(method="POST", path="/enquiries/{enquiry_id}/answer", request=enquiry.AnswerEnquiry, roles=FRONT),
    Route(method="POST", path="/invitations", request=invitation.InviteCustomer, roles=FRONT, creates=True),
    Route(method="GET", path="/invitations", request=invitation.ListInvitations, roles=FRONT),
    Route(method="GET", path="/invitations/{invitation_id}", request=invitation.GetInvitation, roles=FRONT),
    Route(
        method="GET",
        path="/next-appointments",
        request=next_appointment.MeasureNextAppointments,
        roles=(SERVICE_MANAGER, CRM_AGENT),
    ),
    Route(method="GET", path="/crm-settings", request=settings.GetCrmSettings, roles=(SERVICE_MANAGER,)),
    Route(method="PUT", path="/crm-settings", request=settings.ChangeCrmSettings, roles=(SERVICE_MANAGER,), if_match=True),
)
