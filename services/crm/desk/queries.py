"""What is promised to customers: all of it for the desk, what is late for the service manager."""

from chassis import Work, colleagues, oldest
from contracts.attention import Concerns
from contracts.crm.attention import FindCareConcerns
from contracts.crm.desk_queue import DeskQueue, GetDeskQueue
from contracts.shared import Colleague
from services.crm.call.call import Call
from services.crm.call.queries import late_call_backs, promised
from services.crm.customer.caller import ANSWERING
from services.crm.follow_up.queries import late_follow_ups

SHOWN = 100


def get_desk_queue(work: Work, query: GetDeskQueue) -> DeskQueue:
    """A statement for each list, over what is open only, and one for who is there."""
    call_backs, call_back_count = oldest(work, Call, *promised(), since=Call.due_at, most=SHOWN)
    there = sorted(colleagues(work, role=ANSWERING).items(), key=lambda one: one[1])
    return DeskQueue(
        as_of=work.now,
        call_backs=[one.describe() for one in call_backs],
        call_back_count=call_back_count,
        colleagues=[Colleague(login=login, name=name) for login, name in there],
    )


def find_care_concerns(work: Work, query: FindCareConcerns) -> Concerns:
    """Follow-ups and call-backs whose time is over."""
    return Concerns(groups=[late_follow_ups(work), late_call_backs(work)])
