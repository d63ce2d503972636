"""Enquiries (咨询): what somebody wants to know, who sees to it, and by when they hear of it (Rule B13)."""

from dataclasses import field
from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Part, Query, text
from contracts.crm.caller import CallerDetails
from contracts.shared import Channel, Email, KeptListing, Login, Name, Page, Plate

EnquiryState = Literal["open", "answered"]
EnquirySort = Literal["received_at", "-received_at", "updated_at", "-updated_at"]


class HandOn(Part):
    """An enquiry went from one colleague to another: the question with it, and what there is to say beside it."""

    at: datetime
    by: Login
    before: Login | None = None
    to: Login
    note: str | None = None


class Enquiry(Answer):
    """What somebody asked, word for word, and what they were answered.

    `due_at` is when they are to have their answer: handing it on does not move that. `escalated_at` is when it had passed.
    `customer_name`, `phone` and `email` are as the customer's file has them now, if they have one.
    """

    id: Id
    version: int
    updated_at: datetime
    state: EnquiryState
    customer_id: Id | None = None
    customer_name: Name
    phone: Annotated[str | None, text(30)] = None
    email: str | None = None
    wechat: Annotated[str | None, text(64)] = None
    channel: Channel
    plate: Plate | None = None
    question: str
    received_at: datetime
    received_by: Login
    due_at: datetime
    assignee: Login | None = None
    hand_ons: list[HandOn]
    escalated_at: datetime | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    answered_by: Login | None = None


class Enquiries(Answer, Page):
    """A page of enquiries."""

    items: list[Enquiry]


class ReceiveEnquiry(Command, CallerDetails, service="crm", answer=Enquiry):
    """Record an enquiry.

    What somebody wants to know, in their words. They are answered by `due_at`, within 30 min (default) if no time was agreed on;
    after that the service manager is told, once (Rule B13). Who has no file says how they are reached; one way is
    enough: a phone number, an e-mail address, a WeChat name. Without a `channel` it is that one, or what the file prefers; one
    that is named needs its address.
    """

    question: Annotated[str, text(2_000)]
    channel: Channel | None = None
    email: Email | None = None
    wechat: Annotated[str | None, text(64)] = None
    due_at: datetime | None = None
    assignee: Login | None = None


class HandOnEnquiry(Command, service="crm", answer=Enquiry):
    """Hand an enquiry on to a colleague.

    With its text, so that the customer never repeats what they said. The time by which they are answered stays.
    """

    enquiry_id: Id
    to: Login
    note: Annotated[str, text(500)] | None = None


class AnswerEnquiry(Command, service="crm", answer=Enquiry):
    """Record what an enquiry was answered.

    By whoever tells the customer, whoever it was handed to.
    """

    enquiry_id: Id
    reply: Annotated[str, text(2_000)]


class GetEnquiry(Query, service="crm", answer=Enquiry):
    """An enquiry.

    Question, answer, and whose hands it went through.
    """

    enquiry_id: Id


class ListEnquiries(Query, KeptListing, service="crm", answer=Enquiries):
    """Enquiries.

    Those that wait longest first. `state` may be given several times.
    """

    state: list[EnquiryState] = field(default_factory=list)
    assignee: Login | None = None
    customer_id: Id | None = None
    sort: EnquirySort = "received_at"
