"""A work order as it is answered."""

from typing import TYPE_CHECKING

from contracts.workshop import order as contract
from contracts.workshop.damage import Damage
from contracts.workshop.order import Job
from contracts.workshop.readiness import Recommendation
from services.workshop.order.acceptance import describe_acceptance
from services.workshop.order.comeback_note import describe_comeback, priority_of
from services.workshop.order.consent import consent_of
from services.workshop.order.job import claimed_though_unpaid
from services.workshop.order.line import State, total
from services.workshop.order.pre_delivery import describe_check
from services.workshop.order.reversal import describe as describe_reversal

if TYPE_CHECKING:
    from services.workshop.order.work_order import WorkOrder


def answer_of(one: "WorkOrder") -> contract.WorkOrder:
    """The order as commands and queries answer it."""
    assert one.visit_id is not None, "every order belongs to a visit"
    return contract.WorkOrder(
        id=one.id,
        version=one.version,
        updated_at=one.updated_at,
        number=one.number,
        status=one.status.value,
        visit_id=one.visit_id,
        appointment_id=one.appointment_id,
        customer=one.customer_facts,
        vehicle=one.vehicle_facts,
        complaint=one.complaint,
        advisor=one.advisor,
        opened_at=one.opened_at,
        promised_at=one.promised_at,
        estimate_version=one.estimate_version,
        technician=one.technician,
        team_name=one.team_name,
        bay=one.bay,
        hold_reason=one.hold_reason,
        team_checked_by=one.team_checked_by,
        quality_passed_by=one.quality_passed_by,
        quality_findings=one.quality_findings,
        rework_count=one.rework_count,
        opening_mileage=one.opening_mileage,
        mileage=one.mileage,
        delivered_at=one.delivered_at,
        delivery_at=one.delivery_at,
        revision=one.revision,
        reversal=None if one.reversal is None else describe_reversal(one.reversal, one.revision),
        standing_consent=consent_of(one.consent_name, one.consent_minor, one.currency),
        total=total(one.on_the_car, one.currency),
        quoted=total([line for line in one.lines if line.state is State.QUOTED], one.currency),
        payer_parties=one.payer_parties,
        walk_around_version=one.walk_around_version,
        priority=priority_of(one.comeback, one.appointment_id),
        comeback=describe_comeback(one.comeback),
        acceptance=describe_acceptance(one.acceptance),
        to_compare=one.to_compare,
        new_damages=[Damage.load(damage) for damage in one.new_damage],
        recommendations=[Recommendation.load(said) for said in one.recommendations],
        pre_delivery=describe_check(one.pre_delivery),
        test_drive=one.test_drive,
        answered_at=one.answered_at,
        high_voltage=one.high_voltage,
        jobs=[Job.load({**job, "payer_to_change": claimed_though_unpaid(job, one.lines)}) for job in one.jobs],
        lines=[line.describe(one.currency) for line in one.lines],
    )
