"""Taking a call, and handing it back: a follow-up's, or another one (Rule C2, docs/domain.md)."""

from chassis import Work
from contracts.crm.call import LeaveCall, TakeCall
from contracts.crm.events import CallTaken, FollowUpTaken
from contracts.crm.follow_up import LeaveFollowUp, TakeFollowUp
from services.crm.call.call import Call
from services.crm.customer.calling import require_not_on_the_phone
from services.crm.follow_up.follow_up import FollowUp


def take_follow_up(work: Work, command: TakeFollowUp) -> FollowUp:
    """They call the customer now. Raises Refused naming a colleague who does."""
    follow_up = work.edit(FollowUp, command.follow_up_id)
    require_not_on_the_phone(work, follow_up.customer_id, FollowUp, Call)
    follow_up.take(by=work.actor, at=work.now)
    return _follow_up_told(follow_up)


def leave_follow_up(work: Work, command: LeaveFollowUp) -> FollowUp:
    """They do not call after all."""
    follow_up = work.edit(FollowUp, command.follow_up_id)
    follow_up.leave(by=work.actor, at=work.now)
    return _follow_up_told(follow_up)


def take(work: Work, command: TakeCall) -> Call:
    """They call the customer now. Raises Refused naming a colleague who does."""
    call = work.edit(Call, command.call_id)
    require_not_on_the_phone(work, call.customer_id, FollowUp, Call)
    call.take(by=work.actor, at=work.now)
    return _told(call)


def leave(work: Work, command: LeaveCall) -> Call:
    """They do not call after all."""
    call = work.edit(Call, command.call_id)
    call.leave(by=work.actor, at=work.now)
    return _told(call)


def _follow_up_told(one: FollowUp) -> FollowUp:
    one.announce(FollowUpTaken(follow_up_id=one.id, work_order_id=one.work_order_id, caller=one.caller))
    return one


def _told(one: Call) -> Call:
    one.announce(CallTaken(call_id=one.id, kind=one.kind, caller=one.caller))
    return one
