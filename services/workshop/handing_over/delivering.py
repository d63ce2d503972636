"""Delivering cars."""

from chassis import Invalid, SignatureDocument, Work
from chassis.wire.ahead import YEAR, require_ahead
from chassis.wire.phones import phone_key
from contracts.workshop.handing_over import DeliverWorkOrder, MarkReady
from services.workshop.delivery_time.agreeing import keep
from services.workshop.handing_over import delivery
from services.workshop.handing_over.moment import moment_of
from services.workshop.handing_over.obstacle import obstacles_to
from services.workshop.leg.driving import is_brought_back
from services.workshop.multi_point.multi_point_inspection import require_safety_quoted
from services.workshop.order import comeback, custody
from services.workshop.order.declined_work import keep_declined
from services.workshop.order.mileage import refuse_doubtful
from services.workshop.order.offering import end_offer
from services.workshop.order.progress_report import announce_ready
from services.workshop.order.promised import become_ready
from services.workshop.order.vehicle_history import keep_visit
from services.workshop.order.wash import require_washed
from services.workshop.order.work_order import WorkOrder


def mark_ready(work: Work, command: MarkReady) -> WorkOrder:
    """Mark the order as ready for the customer."""
    order = work.edit(WorkOrder, command.work_order_id)
    require_safety_quoted(work, order)
    require_washed(work, order)
    delivery.mark_ready(order)
    end_offer(work, order)
    become_ready(work, order)
    announce_ready(work, order)
    return order


def deliver(work: Work, command: DeliverWorkOrder) -> WorkOrder:
    """Deliver the order; billing, parts and crm learn of it from WorkOrderDelivered.

    Raises PreconditionFailed document_changed for another settlement than the customer saw; Invalid for a next service in the
    past, and for a phone that is no number of its country, by default the dealer's.
    """
    order = work.edit(WorkOrder, command.work_order_id)
    moment = moment_of(work, order)
    with work.without_autoflush():  # reading the lines would write the order before it is changed to its end
        for refusal in obstacles_to(work, order, moment):
            raise refusal
        _check(work, command)
        refuse_doubtful(moment.last_mileage, command.mileage, command.mileage_reason)
        order.know(moment.customer.dump(), moment.vehicle.dump())
        delivered = delivery.deliver(
            order,
            at=work.now,
            tax_rate=moment.tax_rate,
            warranties=moment.warranties,
            accepted_by=command.signature.name,
            mileage=command.mileage,
            mileage_reason=command.mileage_reason,
            next_service_on=command.next_service_on,
            next_service_mileage=command.next_service_mileage,
            preferred_follow_up_time=command.preferred_follow_up_time,
            preferred_phone=command.preferred_phone,
            things_shown=command.things_shown,
            next_appointment=command.next_appointment,
        )
        settlement = delivered.settlement
        delivered.signature = SignatureDocument.sign(
            work, command.signature, settlement, field="signature", shown=settlement.shown
        )
    work.add(delivered)
    keep(work, order)
    comeback.warrant(work, order, moment.warranties)
    keep_visit(work, order)
    keep_declined(work, order, work.now, before=moment.declined_before)
    taken_over = order.walk_around_version or order.appointment_id or order.keys_received  # at the desk, or where it was fetched
    if taken_over and not is_brought_back(work, order):
        custody.give_back(work, order)
    return order


def _check(work: Work, command: DeliverWorkOrder) -> None:
    """What is agreed for later is later, the phone is one that can be called, and nothing was shown twice."""
    if command.things_shown is not None and len({*command.things_shown}) < len(command.things_shown):
        raise Invalid.field("things_shown", "named_twice")
    if command.next_service_on is not None:
        require_ahead("next_service_on", command.next_service_on, work.profile.local(work.now).date(), days=5 * YEAR)
    if command.next_service_mileage is not None and command.next_service_mileage <= command.mileage:
        raise Invalid.field("next_service_mileage", "must_be_more_than", field="mileage")
    if command.preferred_phone is not None:
        phone_key(command.preferred_phone, work.profile.country, field="preferred_phone")
