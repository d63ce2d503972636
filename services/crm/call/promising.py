"""Call-backs that are promised to customers, and what becomes of a promise that is not kept (Rule B7, docs/domain.md)."""

from chassis import Work, set_timer
from contracts.crm.call import PromiseCallBack
from services.crm.call.call import Call
from services.crm.customer.caller import caller_of, require_answering
from services.crm.settings.crm_settings import CrmSettings, due_from


def promise(work: Work, command: PromiseCallBack) -> Call:
    """Somebody calls the customer by the time agreed on, or as soon as the dealer always does."""
    due_at = due_from(work.now, command.due_at, work.settings(CrmSettings).call_back_minutes)
    caller = caller_of(work, command)
    require_answering(work, "assignee", command.assignee)
    call = Call.call_back(command, caller, due_at=due_at, at=work.now, by=work.actor)
    work.add(call)
    set_timer(work, "escalate_call", call.id, due_at)
    return call


def escalate(work: Work, call_id: str) -> None:
    """The time is over: who has not been called by now is the service manager's matter, too."""
    call = work.lock_root(Call, call_id)
    if call.state == "open" and call.due_at is not None and call.escalated_at is None:
        work.change(call)
        call.escalate(at=work.now)
