"""What is promised to customers: all of it for the desk, what is late for the service manager."""

from sqlalchemy import ColumnElement

from chassis import Work, colleagues, oldest
from contracts.attention import MOST, Concern, ConcernGroup, ConcernKind, Concerns
from contracts.crm.attention import FindCareConcerns
from contracts.crm.desk_queue import DeskQueue, GetDeskQueue
from contracts.shared import Colleague
from services.crm.call.call import Call
from services.crm.customer.caller import ANSWERING
from services.crm.enquiry.enquiry import Enquiry
from services.crm.follow_up.queries import late_follow_ups

SHOWN = 100

PROMISED = Call.kind == "call_back", Call.state == "open"
ASKED = (Enquiry.state == "open",)


def get_desk_queue(work: Work, query: GetDeskQueue) -> DeskQueue:
    """A statement for each list, over what is open only, and one for who is there."""
    call_backs, call_back_count = oldest(work, Call, *PROMISED, since=Call.due_at, most=SHOWN)
    enquiries, enquiry_count = oldest(work, Enquiry, *ASKED, since=Enquiry.due_at, most=SHOWN)
    there = sorted(colleagues(work, role=ANSWERING).items(), key=lambda one: one[1])
    return DeskQueue(
        as_of=work.now,
        call_backs=[one.describe() for one in call_backs],
        call_back_count=call_back_count,
        enquiries=[one.describe() for one in enquiries],
        enquiry_count=enquiry_count,
        colleagues=[Colleague(login=login, name=name) for login, name in there],
    )


def find_care_concerns(work: Work, query: FindCareConcerns) -> Concerns:
    """Follow-ups, call-backs and enquiries whose time is over."""
    return Concerns(
        groups=[
            late_follow_ups(work),
            _late(work, "late_call_back", Call, *PROMISED),
            _late(work, "late_enquiry", Enquiry, *ASKED),
        ]
    )


def _late(work: Work, kind: ConcernKind, what: type[Call | Enquiry], *is_open: ColumnElement[bool]) -> ConcernGroup:
    late, count = oldest(work, what, *is_open, what.due_at <= work.now, since=what.due_at, most=MOST)
    told = [
        Concern(
            severity="severe",
            since=one.due_at or work.now,
            call_id=one.id if isinstance(one, Call) else None,
            enquiry_id=one.id if isinstance(one, Enquiry) else None,
            plate=one.plate,
            customer_name=one.name_now or one.customer_name,
            staff=one.assignee,
        )
        for one in late
    ]
    return ConcernGroup(kind=kind, count=count, items=told)
