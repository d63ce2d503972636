"""Rule B7: a call-back that was promised is due within 30 min (default), escalates once, and is done by a call."""

from datetime import datetime, timedelta

import pytest

from chassis.wire.errors import Invalid, NotYetKnown, Refused
from chassis.wire.ids import new_id
from contracts.crm.attention import FindCareConcerns
from contracts.crm.call import CompleteCall, GetCall, ListCalls, PromiseCallBack
from contracts.crm.customer import RegisterCustomer
from contracts.crm.desk_queue import GetDeskQueue
from contracts.crm.events import CallClosed, CallEscalated, CallOpened
from contracts.crm.settings import ChangeCrmSettings, GetCrmSettings
from contracts.roles import BOOKING_AGENT, TECHNICIAN
from tests.services.history import ANYBODY, Reading, grow

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def promise(desk):
    """`promise(due_at=…)`: Li Lei, who has no file, is promised a call by wang."""

    def promised(**changes):
        said = {"customer_name": "Li Lei", "phone": "13800000001", "about": "the price of new tyres"}
        return desk.do(PromiseCallBack(**{**said, **changes}))

    return promised


def late(desk):
    (group,) = [one for one in desk.ask(FindCareConcerns()).groups if one.kind == "late_call_back"]
    return group


def test_a_call_back_is_due_within_half_an_hour_or_by_the_time_agreed_on(desk, promise):
    call, at_four = promise(), promise(due_at=desk.clock.now() + timedelta(hours=4))
    assert (call.kind, call.state, call.due_at, call.promised_by) == (
        "call_back",
        "open",
        desk.clock.now() + HALF_AN_HOUR,
        "wang",
    )
    assert (call.customer_name, call.phone, call.about) == ("Li Lei", "13800000001", "the price of new tyres")
    assert at_four.due_at == desk.clock.now() + timedelta(hours=4)
    told = [(one.call_id, one.kind, one.due_at) for one in desk.announced(CallOpened)]
    assert told == [(call.id, "call_back", call.due_at), (at_four.id, "call_back", at_four.due_at)]


def test_how_soon_is_a_setting_of_the_dealer(desk, promise):
    settings = desk.ask(GetCrmSettings())
    assert settings.call_back_minutes == 30
    given = {name: value for name, value in vars(settings).items() if name not in ("id", "version")}
    desk.do(ChangeCrmSettings(**{**given, "call_back_minutes": 10}), if_match=settings.version)
    assert promise().due_at == desk.clock.now() + timedelta(minutes=10)


def test_a_promise_that_is_not_kept_escalates_once_and_is_still_to_be_kept(desk, promise):
    desk.employ("zhao", BOOKING_AGENT)
    call = promise(assignee="zhao", plate="沪A12345")
    desk.pass_time(minutes=29)
    desk.fire_timers()
    assert (desk.announced(CallEscalated), late(desk).count) == ([], 0)
    desk.pass_time(minutes=1)
    for _ in range(2):
        desk.fire_timers()
    (fact,) = desk.announced(CallEscalated)
    assert (fact.call_id, fact.due_at, fact.customer_name, fact.assignee) == (call.id, call.due_at, "Li Lei", "zhao")
    now = desk.ask(GetCall(call_id=call.id))
    assert (now.state, now.escalated_at) == ("open", desk.clock.now())
    (concern,) = late(desk).items
    assert (concern.severity, concern.since, concern.call_id, concern.staff) == ("severe", call.due_at, call.id, "zhao")
    done = desk.do(CompleteCall(call_id=call.id, outcome="booked", note="Thursday"), actor="zhao")
    assert (done.state, done.outcome, done.agent, done.escalated_at) == ("done", "booked", "zhao", now.escalated_at)
    assert (late(desk).count, desk.announced(CallClosed)[0].kind) == (0, "call_back")


def test_who_was_called_in_time_is_nobodys_matter(desk, promise):
    call = promise()
    desk.do(CompleteCall(call_id=call.id, outcome="later"))
    desk.pass_time(hours=2)
    assert desk.executor.due_timers(10) == []
    with pytest.raises(Refused, match="call_closed"):
        desk.do(CompleteCall(call_id=call.id, outcome="booked"))


def test_the_desk_sees_in_one_answer_who_waits_and_who_may_call(desk, promise):
    desk.employ("zhao", BOOKING_AGENT)
    desk.employ("bolt", TECHNICIAN)
    last, first = promise(due_at=desk.clock.now() + timedelta(hours=2)), promise()
    desk.do(CompleteCall(call_id=promise().id, outcome="declined"))
    queue = desk.ask(GetDeskQueue())
    assert ([one.id for one in queue.call_backs], queue.call_back_count) == ([first.id, last.id], 2)
    assert ([one.login for one in queue.colleagues], queue.as_of) == (["zhao"], desk.clock.now())
    assert [one.id for one in desk.ask(ListCalls(kind=["call_back"], state=["done"])).items] != []
    assert desk.ask(ListCalls(kind=["no_show"])).items == []
    other = desk.ask(GetDeskQueue(), dealer="bj-chaoyang")
    assert (other.call_backs, other.call_back_count) == ([], 0)


def test_a_customer_is_called_as_their_file_has_them(desk, promise):
    customer = desk.do(RegisterCustomer(name="Han Mei", phone="13900000009"))
    call = promise(customer_id=customer.id, customer_name=None, phone=None)
    assert (call.customer_id, call.customer_name, call.phone) == (customer.id, "Han Mei", "13900000009")


@pytest.mark.parametrize(
    ("wrong", "field", "rule"),
    [
        ({"customer_name": None}, "customer_name", "needs_file_or_name"),
        ({"phone": None}, "phone", "needs_file_or_phone"),
        ({"phone": "+86 1"}, "phone", None),
        ({"customer_id": new_id(), "customer_name": None, "phone": None}, "customer_id", "nothing_has_it"),
        ({"customer_id": new_id()}, "customer_name", "file_says_it"),
        ({"due_at": datetime.fromisoformat("2026-03-02T03:59:00+00:00")}, "due_at", "must_be_future"),
        ({"due_at": datetime.fromisoformat("2099-03-02T03:59:00+00:00")}, "due_at", "too_far_ahead"),
    ],
)
def test_what_nobody_could_keep_is_refused_by_field_and_nothing_is_promised(desk, promise, wrong, field, rule):
    with pytest.raises(Invalid) as refusal:
        promise(**wrong)
    assert list(refusal.value.details["errors"]) == [field]
    assert rule is None or rule in str(refusal.value.details)
    assert (desk.ask(GetDeskQueue()).call_back_count, desk.announced(CallOpened)) == (0, [])


def test_who_is_to_call_answers_customers_at_this_dealer(desk, promise):
    desk.employ("bolt", TECHNICIAN)
    desk.employ("away", BOOKING_AGENT, at=("bj-chaoyang",))
    with pytest.raises(Refused, match="not_answering_customers"):
        promise(assignee="bolt")
    for login in ("away", "nobody"):
        with pytest.raises(NotYetKnown):
            promise(assignee=login)


@pytest.mark.new_database
def test_it_costs_the_same_however_many_were_called_before(desk, promise):
    call = promise()
    desk.do(CompleteCall(call_id=call.id, outcome="later"))
    grow(desk, "call", 2_000, id=ANYBODY, due_at=desk.clock.now() - timedelta(days=400))
    promise()
    assert Reading(desk, GetDeskQueue()).rows < 20
    assert Reading(desk, FindCareConcerns()).rows < 20
    assert Reading(desk, ListCalls(kind=["no_show"], state=["open"])).rows < 20
