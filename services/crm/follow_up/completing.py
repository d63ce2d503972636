"""What an agent does with a follow-up: attempts to reach the customer, and completing it."""

from chassis import Work
from contracts.crm.follow_up import CompleteFollowUp, RecordAttempt
from services.crm.follow_up.follow_up import FollowUp


def record_attempt(work: Work, command: RecordAttempt) -> FollowUp:
    """Record an attempt of the caller's, made now."""
    follow_up = work.edit(FollowUp, command.follow_up_id)
    follow_up.attempt(at=work.now, by=work.actor, reached=command.reached, call_again_at=command.call_again_at, note=command.note)
    return follow_up


def complete(work: Work, command: CompleteFollowUp) -> FollowUp:
    """Complete the follow-up. Raises Refused without the attempts that its outcome needs."""
    follow_up = work.edit(FollowUp, command.follow_up_id)
    follow_up.complete(
        at=work.now,
        by=work.actor,
        outcome=command.outcome,
        satisfaction=command.satisfaction,
        note=command.note,
        next_appointment=command.next_appointment,
    )
    return follow_up
