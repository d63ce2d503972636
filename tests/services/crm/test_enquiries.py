"""Rule B13: an enquiry has an answer by its time, or escalates once; it is handed on with its text."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.ids import new_id
from contracts.crm.attention import FindCareConcerns
from contracts.crm.customer import RegisterCustomer
from contracts.crm.desk_queue import GetDeskQueue
from contracts.crm.enquiry import AnswerEnquiry, GetEnquiry, HandOnEnquiry, ListEnquiries, ReceiveEnquiry
from contracts.crm.events import EnquiryAnswered, EnquiryEscalated, EnquiryHandedOn, EnquiryReceived
from contracts.crm.settings import ChangeCrmSettings, GetCrmSettings
from contracts.roles import BOOKING_AGENT, SERVICE_ADVISOR, TECHNICIAN
from tests.services.history import Reading, grow

WORDS = "Can you do 四轮定位 while I wait?"


@pytest.fixture
def ask(desk):
    """`ask(due_at=…)`: Li Lei, who has no file, wants to know something."""
    desk.employ("zhao", BOOKING_AGENT)
    desk.employ("chen", SERVICE_ADVISOR)
    desk.employ("bolt", TECHNICIAN)

    def asked(**changes):
        return desk.do(ReceiveEnquiry(**{"customer_name": "Li Lei", "phone": "13800000001", "question": WORDS, **changes}))

    return asked


def late(desk):
    (group,) = [one for one in desk.ask(FindCareConcerns()).groups if one.kind == "late_enquiry"]
    return group.items


def test_an_enquiry_keeps_the_words_and_is_answered(desk, ask):
    one = ask(channel="wechat", wechat="li-lei", plate="沪A12345")
    half_an_hour = desk.clock.now() + timedelta(minutes=30)
    assert (one.state, one.question, one.channel, one.due_at, one.received_by) == ("open", WORDS, "wechat", half_an_hour, "wang")
    done = desk.do(AnswerEnquiry(enquiry_id=one.id, reply="Yes, an hour."), actor="zhao")
    assert (done.state, done.answer, done.answered_by) == ("answered", "Yes, an hour.", "zhao")
    assert (desk.announced(EnquiryReceived)[0].due_at, desk.announced(EnquiryAnswered)[0].enquiry_id) == (half_an_hour, one.id)
    desk.pass_time(hours=2)
    assert (desk.executor.due_timers(10), late(desk)) == ([], [])
    for again in (AnswerEnquiry(enquiry_id=one.id, reply="No."), HandOnEnquiry(enquiry_id=one.id, to="chen")):
        with pytest.raises(Refused, match="enquiry_answered"):
            desk.do(again)


def test_handed_on_it_keeps_its_text_its_clock_and_every_hand_it_went_through(desk, ask):
    one = ask()
    desk.pass_time(minutes=10)
    desk.do(HandOnEnquiry(enquiry_id=one.id, to="zhao", note="she is at work until five"))
    now = desk.do(HandOnEnquiry(enquiry_id=one.id, to="chen"), actor="zhao")
    assert (now.question, now.due_at, now.assignee) == (WORDS, one.due_at, "chen")
    assert [(step.by, step.before, step.to, step.note) for step in now.hand_ons] == [
        ("wang", None, "zhao", "she is at work until five"),
        ("zhao", "zhao", "chen", None),
    ]
    assert [(fact.before, fact.to) for fact in desk.announced(EnquiryHandedOn)] == [(None, "zhao"), ("zhao", "chen")]
    assert [found.id for found in desk.ask(ListEnquiries(assignee="chen", state=["open"])).items] == [one.id]
    with pytest.raises(Refused, match="assigned_already"):
        desk.do(HandOnEnquiry(enquiry_id=one.id, to="chen"))
    with pytest.raises(Refused, match="not_answering_customers"):
        desk.do(HandOnEnquiry(enquiry_id=one.id, to="bolt"))


def test_without_an_answer_in_time_it_escalates_once_and_is_still_to_be_answered(desk, ask):
    one = ask(assignee="zhao", due_at=desk.clock.now() + timedelta(hours=1))
    desk.pass_time(minutes=59)
    desk.fire_timers()
    assert (desk.announced(EnquiryEscalated), late(desk)) == ([], [])
    desk.pass_time(minutes=1)
    desk.fire_timers()
    desk.do(HandOnEnquiry(enquiry_id=one.id, to="chen"))
    desk.pass_time(hours=5)
    desk.fire_timers()
    (fact,) = desk.announced(EnquiryEscalated)
    assert (fact.enquiry_id, fact.due_at, fact.customer_name, fact.assignee) == (one.id, one.due_at, "Li Lei", "zhao")
    (concern,) = late(desk)
    assert (concern.severity, concern.since, concern.enquiry_id, concern.staff) == ("severe", one.due_at, one.id, "chen")
    desk.do(AnswerEnquiry(enquiry_id=one.id, reply="Yes."))
    assert (late(desk), desk.ask(GetEnquiry(enquiry_id=one.id)).escalated_at) == ([], one.due_at)


def test_how_soon_is_a_setting_of_the_dealer(desk, ask):
    settings = desk.ask(GetCrmSettings())
    given = {name: value for name, value in vars(settings).items() if name not in ("id", "version")}
    desk.do(ChangeCrmSettings(**{**given, "enquiry_minutes": 5}), if_match=settings.version)
    assert ask().due_at == desk.clock.now() + timedelta(minutes=5)


def test_the_desk_sees_what_is_asked_the_first_due_first_and_no_other_dealers(desk, ask):
    later, first = ask(due_at=desk.clock.now() + timedelta(hours=2)), ask()
    desk.do(AnswerEnquiry(enquiry_id=ask().id, reply="Yes."))
    queue = desk.ask(GetDeskQueue())
    assert ([one.id for one in queue.enquiries], queue.enquiry_count, queue.call_backs) == ([first.id, later.id], 2, [])
    assert desk.ask(GetDeskQueue(), dealer="bj-chaoyang").enquiries == []
    with pytest.raises(NotFound):
        desk.ask(GetEnquiry(enquiry_id=first.id), dealer="bj-chaoyang")


def test_a_customer_is_shown_as_their_file_has_them_and_nobody_is_asked_without(desk, ask):
    customer = desk.do(RegisterCustomer(name="Han Mei", phone="13900000009"))
    one = ask(customer_id=customer.id, customer_name=None, phone=None)
    assert (one.customer_name, one.phone) == ("Han Mei", "13900000009")
    for wrong, field in (
        ({"phone": None}, "phone"),
        ({"customer_id": new_id()}, "customer_name"),
        ({"due_at": desk.clock.now()}, "due_at"),
    ):
        with pytest.raises(Invalid) as refusal:
            ask(**wrong)
        assert list(refusal.value.details["errors"]) == [field]


@pytest.mark.parametrize(
    ("channel", "way", "named"),
    [
        ("phone", {"phone": "13800000001"}, "phone"),
        ("sms", {"phone": "13800000001"}, "phone"),
        ("email", {"email": "li@example.org"}, "email"),
        ("wechat", {"wechat": "li-lei"}, "wechat"),
    ],
)
def test_rule_b13_one_way_to_be_reached_is_enough_and_the_channel_says_which_is_missing(ask, channel, way, named):
    """Who writes an e-mail is asked for no number; of who can be reached in no way, that of the channel is asked for."""
    asked = ask(**{"channel": channel, "phone": None, **way})
    assert {field: getattr(asked, field) for field in ("phone", "email", "wechat") if getattr(asked, field)} == way
    assert ask(**{"channel": channel, **way}).channel == channel, "beside another one"
    with pytest.raises(Invalid) as refusal:
        ask(channel=channel, phone=None)
    assert list(refusal.value.details["errors"]) == [named]


@pytest.mark.parametrize(
    ("ways", "channel"),
    [
        ({"wechat": "wx1"}, "wechat"),
        ({"email": "li@example.org"}, "email"),
        ({"email": "li@example.org", "wechat": "wx1"}, "email"),
        ({"phone": "13800000001", "wechat": "wx1"}, "phone"),
    ],
)
def test_rule_b13_without_a_channel_the_answer_takes_the_way_there_is(ask, ways, channel):
    """The one that is named; the phone first."""
    assert ask(**{"phone": None, **ways}).channel == channel


@pytest.mark.parametrize("channel", ["phone", "sms", "email", "wechat"])
def test_rule_b13_a_channel_whose_address_is_missing_is_refused_by_its_field(ask, channel):
    other = {"phone": None, "email": "li@example.org"} if channel != "email" else {}
    with pytest.raises(Invalid) as refusal:
        ask(channel=channel, **other)
    field = {"sms": "phone"}.get(channel, channel)
    assert refusal.value.details["errors"] == {field: ["needed_for_channel"]}


def test_rule_b13_who_has_a_file_is_reached_as_that_says(desk, ask):
    """Its preferred channel, unless another is asked for; what the file has no address for is refused."""
    file = {"customer_name": None, "phone": None}
    prefers = desk.do(RegisterCustomer(name="Han Mei", phone="13900000009", preferred_channel="wechat"))
    assert ask(customer_id=prefers.id, **file).channel == "wechat"
    assert ask(customer_id=prefers.id, channel="sms", **file).channel == "sms"
    with pytest.raises(Invalid) as refusal:
        ask(customer_id=prefers.id, channel="email", **file)
    assert refusal.value.details["errors"] == {"channel": ["file_lacks_its_address"]}
    with pytest.raises(Invalid) as refusal:
        desk.do(RegisterCustomer(name="Han Gang", phone="13900000010", preferred_channel="email"))
    assert refusal.value.details["errors"] == {"email": ["needed_for_channel"]}


@pytest.mark.new_database
def test_it_costs_the_same_however_many_were_answered_before(desk, ask):
    desk.do(AnswerEnquiry(enquiry_id=ask(assignee="zhao").id, reply="Yes."))
    grow(desk, "enquiry", 2_000, due_at=desk.clock.now() - timedelta(days=400))
    ask(assignee="zhao")
    for query in (GetDeskQueue(), FindCareConcerns(), ListEnquiries(state=["open"])):
        assert Reading(desk, query).rows < 20
