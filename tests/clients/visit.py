"""A whole visit, booking to gate pass, with nothing but the generated client: `visit.py <address> <dealer> <password>`.

Run by the Python of deploy/api-tools, beside the package `servicelane_client` that openapi-python-client wrote from our document.
"""

import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from servicelane_client import AuthenticatedClient, Client
from servicelane_client import models as m
from servicelane_client.api.billing import get_order_account, issue_gate_pass, list_invoices, record_authorisation, record_payment
from servicelane_client.api.billing import use_gate_pass as leave
from servicelane_client.api.booking import arrive_appointment, book_appointment, offer_slots
from servicelane_client.api.customer_care import list_follow_ups, register_customer, register_vehicle
from servicelane_client.api.group_and_access import get_work_order_timeline
from servicelane_client.api.parts import get_reservation_by_work_order, issue_parts
from servicelane_client.api.signing_in import get_access_token
from servicelane_client.api.workshop import (
    add_lines,
    approve_estimate,
    check_before_delivery,
    check_quality,
    clock_off,
    clock_on,
    decline_lines,
    deliver_work_order,
    dispatch_work_order,
    get_estimate,
    get_settlement,
    get_work_order,
    issue_estimate,
    mark_ready,
    open_work_order,
    request_quality_check,
)

ADDRESS, DEALER, PASSWORD = sys.argv[1:4]
PATIENCE_SECONDS = 30.0


def signed_in(who: str) -> AuthenticatedClient:
    """A member of the staff, by the password grant."""
    form = m.TokenRequest(grant_type=m.TokenRequestGrantType.PASSWORD, username=f"{DEALER}.{who}", password=PASSWORD)
    token = get_access_token.sync(client=Client(base_url=ADDRESS), body=form)
    assert isinstance(token, m.TokenAnswer), token
    return AuthenticatedClient(base_url=ADDRESS, token=token.access_token, headers={"Accept-Language": "en"})


def ask(operation: Any, who: AuthenticatedClient, kind: type, *path: Any, **given: Any) -> Any:
    """The answer of a query; anything else ends the visit."""
    answer = operation.sync(*path, client=who, **given)
    assert isinstance(answer, kind), answer
    return answer


def tell(operation: Any, who: AuthenticatedClient, kind: type, *path: Any, **given: Any) -> Any:
    """The answer of a command."""
    return ask(operation, who, kind, *path, idempotency_key=str(uuid.uuid4()), **given)


def awaited(look: Callable[[], Any], what: str) -> Any:
    """Look again until it is there: effects follow a moment later."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise TimeoutError(f"not within {PATIENCE_SECONDS:.0f} s: {what}")


agent, advisor, foreman, technician, inspector, clerk, cashier, manager = (
    signed_in(who) for who in ("agent", "advisor", "foreman", "technician", "inspector", "clerk", "cashier", "manager")
)

customer = tell(register_customer, agent, m.Customer, DEALER, body=m.RegisterCustomer(name="Chen Jie", phone="+86 139 1111 3333"))
vehicle = tell(
    register_vehicle,
    agent,
    m.Vehicle,
    DEALER,
    body=m.RegisterVehicle(
        customer_id=customer.id, vin="LSVAA49J132047371", plate="沪B·88001", make="Volkswagen", model="Passat", mileage=31_950
    ),
)
slots = ask(offer_slots, agent, m.SlotOffers, DEALER, service_type="maintenance")
appointment = tell(
    book_appointment,
    agent,
    m.Appointment,
    DEALER,
    body=m.BookAppointment(
        customer_id=customer.id,
        vehicle_id=vehicle.id,
        channel=m.BookingChannel.PHONE,
        service_type="maintenance",
        starts_at=slots.items[0].starts_at,
        operations=["MNT-OIL"],
        parts=[m.RequestedPartInput(part_number="OIL-5W30", quantity="4.5")],
    ),
)
assert appointment.status is m.AppointmentStatus.CONFIRMED
tell(arrive_appointment, agent, m.Appointment, DEALER, appointment.id, body=m.ArriveAppointment(bay="R1"))

order = tell(
    open_work_order,
    advisor,
    m.WorkOrder,
    DEALER,
    body=m.OpenWorkOrder(appointment_id=appointment.id, complaint="Oil service", mileage=32_110),
)
here = (DEALER, order.id)
order = tell(
    add_lines,
    advisor,
    m.WorkOrder,
    *here,
    body=m.AddLines(
        labour=[
            m.NewLabourInput(operation_code="MNT-OIL", payer=m.Payer.CUSTOMER_PAY),
            m.NewLabourInput(operation_code="BRK-PAD-F", payer=m.Payer.WARRANTY, safety=True),
        ],
        parts=[
            m.NewPartInput(part_number="OIL-5W30", quantity="4.5", payer=m.Payer.CUSTOMER_PAY),
            m.NewPartInput(part_number="WIPER-24", quantity="2", payer=m.Payer.CUSTOMER_PAY),
        ],
    ),
)
estimate = m.IssueEstimate(payment_method=m.ExpectedPayment.WECHAT_PAY, old_parts=m.OldParts.RETURN_TO_CUSTOMER, free_wash=False)
order = tell(issue_estimate, advisor, m.WorkOrder, *here, body=estimate)


def signs(shown: str) -> Any:
    """The customer's typed name under what they are shown."""
    return m.SigningInput(means=m.SigningMeans.TYPED, name="Chen Jie", document_hash=shown)


signed = signs(ask(get_estimate, advisor, m.Estimate, *here).document_hash)
wipers = next(line for line in order.lines if line.part_number == "WIPER-24")
order = tell(
    decline_lines,
    advisor,
    m.WorkOrder,
    *here,
    body=m.DeclineLines(line_ids=[str(wipers.line_id)], reason="later", decision=signed),
)
approval = m.ApproveEstimate(estimate_version=order.estimate_version, decision=signed)
order = tell(approve_estimate, advisor, m.WorkOrder, *here, body=approval)
where = m.DispatchWorkOrder(technician=f"{DEALER}.technician", bay="B1")
tell(dispatch_work_order, foreman, m.WorkOrder, *here, body=where)


def reserved() -> Any:
    """The order's parts, once stock has heard of the approval."""
    found = ask(get_reservation_by_work_order, clerk, m.Reservation, *here)
    return found if found.lines and all(line.approved for line in found.lines) else None


lines = [m.HandedLineInput(line_id=str(line.line_id), quantity=line.reserved) for line in awaited(reserved, "reservation").lines]
handing = m.IssueParts(
    technician=f"{DEALER}.technician", signature=m.SigningInput(means=m.SigningMeans.TYPED, name="Li Qiang"), lines=lines
)
tell(issue_parts, clerk, m.Slip, *here, body=handing)
for line in order.lines:
    if line.kind is m.LineKind.LABOUR:
        tell(clock_on, technician, m.WorkOrder, *here, str(line.line_id))
        tell(clock_off, technician, m.WorkOrder, *here, str(line.line_id), body=m.ClockOff(done=True))
tell(request_quality_check, technician, m.WorkOrder, *here)
tell(check_quality, inspector, m.WorkOrder, *here, body=m.CheckQuality(passed=True))
tell(mark_ready, inspector, m.WorkOrder, *here)
looked_at = m.CheckBeforeDelivery(old_parts_present=True, clean=True, no_tools_left=True, spare_tyre_and_tools_checked=True)
tell(check_before_delivery, advisor, m.WorkOrder, *here, body=looked_at)
settlement = ask(get_settlement, advisor, m.Settlement, *here)
delivery = m.DeliverWorkOrder(mileage=32_112, signature=signs(settlement.document_hash), next_service_mileage=42_000)
order = tell(deliver_work_order, advisor, m.WorkOrder, *here, body=delivery)


def billed() -> Any:
    """The order's account, once the delivery is billed."""
    found = ask(get_order_account, cashier, m.OrderAccount, *here)
    return found if found.revision == order.revision else None


for share in awaited(billed, "the bill").shares:
    if share.payer is m.Payer.CUSTOMER_PAY:
        payment = m.RecordPayment(
            payment_method=m.RecordPaymentPaymentMethod.WECHAT_PAY, amount=share.open_, provider_reference=f"WX-{order.number}"
        )
        tell(record_payment, cashier, m.Payment, *here, body=payment)
    else:
        stands = m.RecordAuthorisation(
            payer=m.RecordAuthorisationPayer(share.payer.value), reference="VW-2026-0816", authorised_by="VW warranty desk"
        )
        tell(record_authorisation, manager, m.OrderAccount, *here, body=stands)
gate_pass = tell(issue_gate_pass, cashier, m.GatePass, *here)
tell(leave, cashier, m.GatePass, DEALER, body=m.UseGatePass(code=gate_pass.code))


def closed() -> Any:
    """The order, once the gate has told of the pass."""
    found = ask(get_work_order, advisor, m.WorkOrder, *here)
    return found if found.status is m.WorkOrderStatus.CLOSED else None


awaited(closed, "the order to be closed")
invoices = ask(list_invoices, cashier, m.Invoices, DEALER, work_order_id=order.id)
assert sorted(one.payer.value for one in invoices.items) == ["customer_pay", "warranty"]
assert all(one.total.currency == "CNY" for one in invoices.items)


def followed_up() -> Any:
    """The follow-up of the delivery."""
    found = ask(list_follow_ups, agent, m.FollowUps, DEALER, state=[m.FollowUpState.SCHEDULED])
    return [one for one in found.items if one.work_order_id == order.id]


awaited(followed_up, "the follow-up")
timeline = ask(get_work_order_timeline, advisor, m.WorkOrderTimeline, *here)
print(f"{order.number} closed, {len(invoices.items)} invoices, {len(timeline.events)} events")  # noqa: T201  # what the test reads
