"""crm through its entrypoints: what agents do with follow-ups, and how they are listed (Rule C2)."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Invalid, NotFound, PreconditionFailed, Refused
from contracts.crm.call import CompleteCall, PromiseCallBack, TakeCall
from contracts.crm.customer import ChangeCustomer, RegisterCustomer
from contracts.crm.events import FollowUpAttempted, FollowUpCompleted, FollowUpTaken
from contracts.crm.follow_up import CompleteFollowUp, LeaveFollowUp, ListFollowUps, RecordAttempt, TakeFollowUp
from contracts.shared import CustomerFacts
from tests.services.billing.orders import labour, part
from tests.services.crm.deliveries import deliver, follow_up_of, reversal_of
from tests.services.history import ANYBODY, Reading, grow


def test_a_crm_agent_tries_reaches_and_completes(desk):
    delivery = deliver(desk)
    job = follow_up_of(desk, delivery)
    desk.do(RecordAttempt(follow_up_id=job.id, reached=False, note="no answer"), actor="zhao", if_match=1)
    desk.pass_time(hours=2)
    desk.do(RecordAttempt(follow_up_id=job.id, reached=True), actor="zhao", if_match=2)
    done = desk.do(
        CompleteFollowUp(follow_up_id=job.id, outcome="problem", satisfaction=2, note="rattles"), actor="zhao", if_match=3
    )
    assert (done.state, done.outcome, done.satisfaction, done.note, done.version) == ("completed", "problem", 2, "rattles", 4)
    assert [(one.number, one.by, one.reached, one.note) for one in done.attempts] == [
        (1, "zhao", False, "no answer"),
        (2, "zhao", True, None),
    ]
    assert follow_up_of(desk, delivery) == done
    assert [one.attempt for one in desk.announced(FollowUpAttempted)] == [1, 2]
    (fact,) = desk.announced(FollowUpCompleted)
    assert (fact.outcome, fact.satisfaction) == ("problem", 2)


def test_what_cannot_be_recorded_is_refused_by_name_and_leaves_nothing(desk):
    delivery = deliver(desk)
    job = follow_up_of(desk, delivery)
    with pytest.raises(Refused, match="customer_not_reached"):
        desk.do(CompleteFollowUp(follow_up_id=job.id, outcome="satisfied", satisfaction=5))
    with pytest.raises(PreconditionFailed):
        desk.do(RecordAttempt(follow_up_id=job.id, reached=True), if_match=7)
    assert follow_up_of(desk, delivery) == job
    desk.hear(reversal_of(delivery))
    with pytest.raises(Refused, match="follow_up_cancelled"):
        desk.do(RecordAttempt(follow_up_id=job.id, reached=True))


def test_another_dealer_sees_no_follow_up(desk):
    delivery = deliver(desk)
    job = follow_up_of(desk, delivery)
    with pytest.raises(NotFound):
        follow_up_of(desk, delivery, dealer="bj-chaoyang")
    with pytest.raises(NotFound):
        desk.do(RecordAttempt(follow_up_id=job.id, reached=True), dealer="bj-chaoyang")
    with pytest.raises(NotFound):
        desk.do(CompleteFollowUp(follow_up_id=job.id, outcome="satisfied"), dealer="bj-chaoyang")
    assert desk.ask(ListFollowUps(), dealer="bj-chaoyang").items == []


def test_follow_ups_are_listed_by_state_and_due_time(desk):
    today = deliver(desk)
    tomorrow = deliver(desk, delivered_at=desk.clock.now() + timedelta(days=1))
    gone = deliver(desk)
    desk.hear(reversal_of(gone))

    def orders(**criteria):
        return {one.work_order_id for one in desk.ask(ListFollowUps(**criteria)).items}

    assert orders(state=["scheduled"]) == {today.work_order_id, tomorrow.work_order_id}
    assert orders(state=["cancelled"]) == {gone.work_order_id}
    due = follow_up_of(desk, today).due_at
    assert orders(state=["scheduled"], due_before=due) == set()
    assert orders(state=["scheduled"], due_before=due + timedelta(seconds=1)) == {today.work_order_id}


def test_a_long_list_of_follow_ups_goes_on_where_the_page_ended(desk):
    wanted = {deliver(desk, delivered_at=desk.clock.now() + timedelta(days=day)).work_order_id for day in (0, 0, 1, 1, 2)}
    seen, cursor = [], None
    while True:
        page = desk.ask(ListFollowUps(limit=2, cursor=cursor))
        seen += [one.work_order_id for one in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert len(seen) == 5
    assert set(seen) == wanted


def test_who_calls_sees_the_customers_file_as_it_is_now(desk):
    """Rule C2: an invoice is frozen, a call list is not. What was asked for at the delivery stands beside it."""
    customer = desk.do(RegisterCustomer(name="Li Lei", phone="13800000001"))
    facts = CustomerFacts(customer_id=customer.id, name=customer.name, phone=customer.phone)
    delivery = deliver(desk, customer=facts, preferred_phone="02158881234")
    desk.do(ChangeCustomer(customer_id=customer.id, name="Li Lei III", phone="13900000009"))

    def called(follow_up):
        return follow_up.customer_name, follow_up.phone, follow_up.preferred_phone

    job = follow_up_of(desk, delivery)
    now = "Li Lei III", "13900000009", "02158881234"
    assert called(job) == now
    assert [called(one) for one in desk.ask(ListFollowUps()).items] == [now]
    assert called(desk.do(RecordAttempt(follow_up_id=job.id, reached=True), actor="zhao")) == now
    desk.hear(reversal_of(delivery))
    assert called(follow_up_of(desk, delivery)) == now


def test_another_dealers_file_of_that_id_is_none_of_ours(desk):
    """Rule G1."""
    theirs = desk.do(RegisterCustomer(name="Han Meimei", phone="13900000009"), dealer="bj-chaoyang")
    delivery = deliver(desk, customer=CustomerFacts(customer_id=theirs.id, name="Li Lei", phone="13800000001"))
    assert (follow_up_of(desk, delivery).customer_name, follow_up_of(desk, delivery).phone) == ("Li Lei", "13800000001")


def test_who_calls_sees_the_car_and_what_was_done_to_it(desk):
    """Rule C2: nobody looks up the order first; the deposit on an old part is no work."""
    done = [labour(1, customer_pay="100.00"), part(2, customer_pay="20.00")]
    job = follow_up_of(desk, deliver(desk, lines=done))
    assert (job.plate, job.make, job.model) == ("沪A12345", "MCI", "102")
    assert [(one.kind, one.description) for one in job.done] == [("labour", "Replace brake pads"), ("part", "Brake pads")]


def test_the_queue_has_what_is_overdue_first(desk):
    later = deliver(desk, delivered_at=desk.clock.now() + timedelta(days=1))
    overdue = deliver(desk, delivered_at=desk.clock.now() - timedelta(days=9))
    queue = desk.ask(ListFollowUps(state=["scheduled"], sort="due_at")).items
    assert [one.work_order_id for one in queue] == [overdue.work_order_id, later.work_order_id]


def test_a_call_that_was_promised_is_expected_then_and_whoever_tried_last_has_it(desk):
    """Rule C2: the plan stays as it was; what was promised since is what the customer waits for."""
    delivery, other = deliver(desk), deliver(desk)
    job = follow_up_of(desk, delivery)
    assert (job.call_at, job.agent) == (job.planned_at, None)
    evening = desk.clock.now() + timedelta(hours=6)
    desk.do(RecordAttempt(follow_up_id=job.id, reached=True, call_again_at=evening), actor="zhao")
    job = follow_up_of(desk, delivery)
    assert (job.call_at, job.agent, job.planned_at > evening) == (evening, "zhao", True)
    assert [one.call_again_at for one in job.attempts] == [evening]
    assert [one.work_order_id for one in desk.ask(ListFollowUps(agent="zhao")).items] == [delivery.work_order_id]
    called = desk.ask(ListFollowUps(state=["scheduled"], sort="call_at")).items
    assert [one.work_order_id for one in called] == [delivery.work_order_id, other.work_order_id]
    desk.do(RecordAttempt(follow_up_id=job.id, reached=False), actor="qian")
    assert (follow_up_of(desk, delivery).call_at, follow_up_of(desk, delivery).agent) == (evening, "qian")


@pytest.mark.parametrize(("later", "rule"), [(timedelta(), "must_be_future"), (timedelta(days=93), "too_far_ahead")])
def test_nobody_promises_a_call_for_a_time_that_is_past_or_out_of_sight(desk, later, rule):
    job = follow_up_of(desk, deliver(desk))
    with pytest.raises(Invalid) as refusal:
        desk.do(RecordAttempt(follow_up_id=job.id, reached=True, call_again_at=desk.clock.now() + later))
    assert rule in str(refusal.value.details["errors"]["call_again_at"])
    assert desk.announced(FollowUpAttempted) == []


@pytest.mark.parametrize("filters", [{"state": ["scheduled"], "sort": "due_at"}, {"sort": "-due_at"}, {"sort": "updated_at"}])
@pytest.mark.new_database
def test_the_list_costs_the_same_however_many_follow_ups_there_were(desk, filters):
    job = follow_up_of(desk, deliver(desk))
    desk.do(RecordAttempt(follow_up_id=job.id, reached=True))
    desk.do(CompleteFollowUp(follow_up_id=job.id, outcome="satisfied"))
    query = ListFollowUps(limit=1, **filters)
    grow(desk, "follow_up", 1_000, work_order_id=ANYBODY)
    before = Reading(desk, query).rows
    grow(desk, "follow_up", 1_000, work_order_id=ANYBODY)
    assert Reading(desk, query).rows == before


def test_whoever_takes_a_call_has_it_and_their_colleagues_see_who(desk):
    """Rule C2: two do not call the same customer at a time; handed back, or after half an hour, it is free again."""
    job = follow_up_of(desk, deliver(desk))
    taken = desk.do(TakeFollowUp(follow_up_id=job.id), actor="zhao")
    assert (taken.caller, taken.calling_until - desk.clock.now()) == ("zhao", timedelta(minutes=30))
    theirs = (
        TakeFollowUp(follow_up_id=job.id),
        LeaveFollowUp(follow_up_id=job.id),
        RecordAttempt(follow_up_id=job.id, reached=False),
        RecordAttempt(follow_up_id=job.id, reached=True),
        CompleteFollowUp(follow_up_id=job.id, outcome="unreachable"),
    )
    for asked in theirs:
        with pytest.raises(Refused) as refused:
            desk.do(asked, actor="qian")
        assert (refused.value.code, refused.value.details) == ("being_called", {"name": "zhao"})
    assert desk.do(TakeFollowUp(follow_up_id=job.id), actor="zhao").caller == "zhao"
    assert desk.do(LeaveFollowUp(follow_up_id=job.id), actor="zhao").caller is None
    desk.do(TakeFollowUp(follow_up_id=job.id), actor="qian")
    desk.pass_time(minutes=30)
    assert desk.do(TakeFollowUp(follow_up_id=job.id), actor="zhao").caller == "zhao"
    assert [one.caller for one in desk.announced(FollowUpTaken)] == ["zhao", "zhao", None, "qian", "zhao"]


def test_who_was_just_spoken_to_is_not_noted_as_not_reached_by_a_colleague(desk):
    """Rule C2: whoever reached the customer is on the phone with them until it is completed; whoever did not is free."""
    job = follow_up_of(desk, deliver(desk))
    assert desk.do(RecordAttempt(follow_up_id=job.id, reached=False), actor="qian").caller is None
    assert desk.do(RecordAttempt(follow_up_id=job.id, reached=True), actor="zhao").caller == "zhao"
    with pytest.raises(Refused, match="being_called"):
        desk.do(
            RecordAttempt(follow_up_id=job.id, reached=False, call_again_at=desk.clock.now() + timedelta(days=2)), actor="qian"
        )
    done = desk.do(CompleteFollowUp(follow_up_id=job.id, outcome="satisfied"), actor="zhao")
    assert (done.state, done.caller, done.call_at) == ("completed", None, job.call_at)
    for over in (TakeFollowUp(follow_up_id=job.id), RecordAttempt(follow_up_id=job.id, reached=False)):
        with pytest.raises(Refused, match="follow_up_completed"):
            desk.do(over, actor="qian")


def test_a_customer_is_called_for_one_reason_at_a_time(desk):
    """Rule C2: another follow-up or call-back of the same customer waits; other customers', and other dealers', do not."""
    customer = desk.do(RegisterCustomer(name="Li Lei", phone="13800000001"))
    facts = CustomerFacts(customer_id=customer.id, name=customer.name, phone=customer.phone)
    one, another = (follow_up_of(desk, deliver(desk, customer=facts)) for _ in range(2))
    stranger = follow_up_of(desk, deliver(desk))
    promised = desk.do(PromiseCallBack(customer_id=customer.id, about="tyres"))
    desk.do(TakeFollowUp(follow_up_id=one.id), actor="zhao")
    for asked in (TakeFollowUp(follow_up_id=another.id), TakeCall(call_id=promised.id)):
        with pytest.raises(Refused, match="being_called"):
            desk.do(asked, actor="qian")
        desk.do(asked, actor="zhao")
    assert desk.do(TakeFollowUp(follow_up_id=stranger.id), actor="qian").caller == "qian"
    for mine in (one, another):
        desk.do(LeaveFollowUp(follow_up_id=mine.id), actor="zhao")
    with pytest.raises(Refused, match="being_called"):
        desk.do(TakeFollowUp(follow_up_id=one.id), actor="qian")
    desk.do(CompleteCall(call_id=promised.id, outcome="later"), actor="zhao")
    assert desk.do(TakeFollowUp(follow_up_id=one.id), actor="qian").caller == "qian"
