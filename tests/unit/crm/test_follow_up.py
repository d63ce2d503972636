"""Rule C2: when a delivery is followed up, and how the job ends."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import derived_id, new_id
from contracts.crm.events import FollowUpAttempted, FollowUpCancelled, FollowUpCompleted, FollowUpScheduled
from contracts.crm.settings import ChangeCrmSettings
from contracts.shared import CustomerFacts, DeclinedLine, VehicleFacts
from contracts.workshop.events import WorkOrderDelivered
from services.crm.follow_up.follow_up import FollowUp
from services.crm.settings.crm_settings import CrmSettings

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
SETTINGS = CrmSettings.with_defaults("CNY")


def a_delivery(**changes):
    facts = {
        "work_order_id": new_id(),
        "number": "RO-1",
        "revision": 1,
        "customer": CustomerFacts(customer_id=new_id(), name="Li Lei", phone="13800000001"),
        "vehicle": VehicleFacts(vehicle_id=new_id(), vin="1M8GDM9AXKP042788", plate="沪A12345", make="MCI", model="102"),
        "mileage": 50_000,
        "currency": "CNY",
        "tax_mode": "inclusive",
        "tax_rate": "13",
        "lines": [],
        "declined": [],
        "advisor": "wang",
        "accepted_by": "Li Lei",
        "delivered_at": NOON,
    }
    return WorkOrderDelivered(**{**facts, **changes})


def a_follow_up(**changes):
    follow_up = FollowUp.of(a_delivery(**changes), times=SETTINGS.follow_up_times(NOON, SHANGHAI, None), visit_id=None)
    follow_up.announced.clear()
    return follow_up


def tried(*reached):
    follow_up = a_follow_up()
    for one in reached:
        follow_up.attempt(at=NOON, by="zhao", reached=one, note=None)
        follow_up.announced.clear()
    return follow_up


def test_it_is_planned_at_ten_on_day_1_due_by_the_end_of_day_2_and_breached_after_day_3():
    planned, due, breach = SETTINGS.follow_up_times(NOON, SHANGHAI, None)
    assert planned.astimezone(SHANGHAI) == datetime(2026, 3, 3, 10, tzinfo=SHANGHAI)
    assert due.astimezone(SHANGHAI) == datetime(2026, 3, 5, tzinfo=SHANGHAI), "the first moment after local day 2"
    assert breach.astimezone(SHANGHAI) == datetime(2026, 3, 6, tzinfo=SHANGHAI), "the first moment after local day 3"


def test_the_customers_preferred_time_goes_before_the_default():
    planned, _, _ = SETTINGS.follow_up_times(NOON, SHANGHAI, time(18, 30))
    assert planned.astimezone(SHANGHAI) == datetime(2026, 3, 3, 18, 30, tzinfo=SHANGHAI)


def test_midnight_is_a_preferred_time_too():
    planned, _, _ = SETTINGS.follow_up_times(NOON, SHANGHAI, time(0))
    assert planned.astimezone(SHANGHAI) == datetime(2026, 3, 3, tzinfo=SHANGHAI)


def test_day_0_is_the_dealers_day_not_the_servers():
    """23:30 UTC is already tomorrow in Shanghai."""
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert SETTINGS.follow_up_times(late, SHANGHAI, None)[0].astimezone(SHANGHAI).date().isoformat() == "2026-03-04"
    assert SETTINGS.follow_up_times(late, NEW_YORK, None)[0].astimezone(NEW_YORK).date().isoformat() == "2026-03-03"


def test_a_day_of_23_hours_is_a_day():
    """Clocks go forward on 2026-03-08 in New York; ten o'clock stays ten o'clock."""
    planned, due, _ = SETTINGS.follow_up_times(datetime(2026, 3, 7, 20, tzinfo=UTC), NEW_YORK, None)
    assert planned == datetime(2026, 3, 8, 14, tzinfo=UTC)
    assert due == datetime(2026, 3, 10, 4, tzinfo=UTC)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu"]),
    st.one_of(st.none(), st.times()),
)
def test_every_delivery_is_planned_before_it_is_due_and_due_before_it_is_breached(delivered_at, zone, preferred):
    planned, due, breach = SETTINGS.follow_up_times(delivered_at, ZoneInfo(zone), preferred)
    assert delivered_at < planned < due < breach


def test_the_delivery_determines_the_jobs_id():
    delivery = a_delivery(revision=2)
    times = SETTINGS.follow_up_times(NOON, SHANGHAI, None)
    follow_up = FollowUp.of(delivery, times=times, visit_id=None)
    assert follow_up.id == derived_id(delivery.work_order_id, 2)
    assert follow_up.announced == [
        FollowUpScheduled(
            follow_up_id=follow_up.id,
            work_order_id=delivery.work_order_id,
            revision=2,
            planned_at=times[0],
            due_at=times[1],
            breach_at=times[2],
        )
    ]


def test_the_number_given_at_delivery_is_called():
    assert (a_follow_up().phone, a_follow_up().preferred_phone) == ("13800000001", None)
    assert a_follow_up(preferred_phone="021-5555").preferred_phone == "021-5555"


def test_declined_work_is_kept_with_its_reason():
    line = DeclinedLine(line_id=new_id(), kind="part", description="Wiper blades", reason="next time", safety=True)
    (kept,) = a_follow_up(declined=[line]).declined
    assert (kept.line_id, kept.description, kept.reason, kept.safety) == (line.line_id, "Wiper blades", "next time", True)


def test_attempts_are_numbered_and_announced():
    follow_up = tried(False)
    follow_up.attempt(at=NOON, by="zhao", reached=True, note="asks for a call at six")
    assert [(one.number, one.reached, one.by) for one in follow_up.attempts] == [(1, False, "zhao"), (2, True, "zhao")]
    assert follow_up.announced == [
        FollowUpAttempted(
            follow_up_id=follow_up.id,
            work_order_id=follow_up.work_order_id,
            attempt=2,
            reached=True,
            note="asks for a call at six",
        )
    ]


def test_a_customer_who_was_reached_completes_the_job_with_a_score():
    follow_up = tried(False, True)
    follow_up.complete(at=NOON, by="zhao", outcome="satisfied", satisfaction=5, note=None)
    assert (follow_up.state, follow_up.outcome, follow_up.satisfaction) == ("completed", "satisfied", 5)
    assert follow_up.completed_at == NOON
    assert follow_up.announced == [
        FollowUpCompleted(
            follow_up_id=follow_up.id,
            work_order_id=follow_up.work_order_id,
            customer_id=follow_up.customer_id,
            outcome="satisfied",
            satisfaction=5,
        )
    ]


@pytest.mark.parametrize(
    ("attempts", "outcome", "code"),
    [
        ((), "satisfied", "customer_not_reached"),
        ((False,), "problem", "customer_not_reached"),
        ((), "unreachable", "customer_not_tried"),
        ((True,), "unreachable", "customer_was_reached"),
    ],
)
def test_an_outcome_needs_the_attempts_it_speaks_of(attempts, outcome, code):
    follow_up = tried(*attempts)
    with pytest.raises(Refused) as refusal:
        follow_up.complete(at=NOON, by="zhao", outcome=outcome, satisfaction=None, note=None)
    assert (refusal.value.code, follow_up.state) == (code, "scheduled")


def test_who_was_not_reached_gave_no_score():
    with pytest.raises(Invalid) as refusal:
        tried(False).complete(at=NOON, by="zhao", outcome="unreachable", satisfaction=3, note=None)
    assert list(refusal.value.details["errors"]) == ["satisfaction"]


def test_a_completed_job_is_closed():
    follow_up = tried(True)
    follow_up.complete(at=NOON, by="zhao", outcome="problem", satisfaction=1, note="still rattles")
    with pytest.raises(Refused, match="follow_up_completed"):
        follow_up.attempt(at=NOON, by="zhao", reached=True, note=None)
    with pytest.raises(Refused, match="follow_up_completed"):
        follow_up.complete(at=NOON, by="zhao", outcome="satisfied", satisfaction=5, note=None)


def test_a_reversed_delivery_cancels_a_completed_job_and_keeps_its_history():
    follow_up = tried(True)
    follow_up.complete(at=NOON, by="zhao", outcome="satisfied", satisfaction=4, note=None)
    follow_up.announced.clear()
    follow_up.cancel(at=NOON, reason="wrong order")
    assert (follow_up.state, follow_up.outcome, follow_up.satisfaction, follow_up.cancelled_because) == (
        "cancelled",
        "satisfied",
        4,
        "wrong order",
    )
    assert follow_up.announced == [
        FollowUpCancelled(
            follow_up_id=follow_up.id,
            work_order_id=follow_up.work_order_id,
            revision=1,
            reason="wrong order",
        )
    ]
    with pytest.raises(Refused, match="follow_up_cancelled"):
        follow_up.attempt(at=NOON, by="zhao", reached=True, note=None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"follow_up_day": 3}, "follow_up_day"),
        ({"follow_up_due_day": 4}, "follow_up_due_day"),
        ({"follow_up_time": time(10, tzinfo=UTC)}, "follow_up_time"),
    ],
)
def test_settings_that_contradict_each_other_are_refused_by_name(changes, field):
    wanted = {
        "vin_check": "warn",
        "follow_up_day": 1,
        "follow_up_time": time(10),
        "follow_up_due_day": 2,
        "follow_up_breach_day": 3,
    }
    with pytest.raises(Invalid) as refusal:
        CrmSettings.with_defaults("CNY").change(ChangeCrmSettings(**{**wanted, **changes}))
    assert list(refusal.value.details["errors"]) == [field]
