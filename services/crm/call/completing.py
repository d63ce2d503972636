"""What an agent does with a call to make."""

from chassis import Work, set_timer
from contracts.crm.call import CompleteCall
from services.crm.call.call import Call


def complete(work: Work, command: CompleteCall) -> Call:
    """Record how the call ended. Raises Refused if it is closed already."""
    call = work.edit(Call, command.call_id)
    call.complete(command.outcome, at=work.now, by=work.actor, note=command.note)
    set_timer(work, "escalate_call", call.id, None)
    return call
