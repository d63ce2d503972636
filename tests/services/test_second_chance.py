"""Parked messages are tried again when what they wait for has come, whoever took them before and whatever the clock says."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.events import parked
from chassis.events.parked import ParkedMessage
from chassis.events.retry import RetryPolicy
from chassis.events.second_chance import SecondChance
from services.crm.service import CrmService
from tests.services.crm.deliveries import a_delivery, reversal_of
from tests.services.desk import Desk

HOUR = timedelta(hours=1)


class Replica(SecondChance):
    """One process's second chance on the database of a desk, and the desk's clock."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.executor, desk.subscriber, [RetryPolicy()])
        self._desk = desk

    def dies_in_an_attempt(self) -> ParkedMessage:
        """It has taken a message and is gone; how it left it."""
        pair = self._take()
        assert pair is not None
        return pair[1]


@pytest.fixture
def desk(open_desk: Any) -> Desk:
    """crm, which has heard of a reversal and not of the delivery."""
    desk: Desk = open_desk(CrmService)
    desk.delivery = a_delivery(desk)  # type: ignore[attr-defined]
    desk.hear(reversal_of(desk.delivery), subject=desk.delivery.work_order_id, sequence=2)  # type: ignore[attr-defined]
    return desk


@pytest.fixture
def embedded(open_embedded_desk: Any) -> Desk:
    """The same on SQLite."""
    desk: Desk = open_embedded_desk(CrmService)
    desk.delivery = a_delivery(desk)  # type: ignore[attr-defined]
    desk.hear(reversal_of(desk.delivery), subject=desk.delivery.work_order_id, sequence=2)  # type: ignore[attr-defined]
    return desk


def arrive(desk: Any, replica: SecondChance) -> None:
    """The delivery comes to this replica, whose consumer then tells its second chance."""
    desk.hear(desk.delivery, subject=desk.delivery.work_order_id)
    replica.wake({desk.delivery.work_order_id})


def waited(desk: Desk, replica: SecondChance) -> timedelta:
    """Let it be tried in vain until its pause is a minute; the pause."""
    for _ in range(12):
        replica.look()
        pause = desk.parked()[0].next_at - desk.clock.now()
        desk.clock.advance(pause)
    replica.look()
    return desk.parked()[0].next_at - desk.clock.now()  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", ["desk", "embedded"])
def test_a_parked_fact_is_tried_at_once_when_the_one_it_waits_for_arrives(request: pytest.FixtureRequest, kind: str) -> None:
    """Not when its pause ends: the clock stands still here. The replica it arrives at need not be the one that parked it."""
    desk: Desk = request.getfixturevalue(kind)
    here, there = Replica(desk), Replica(desk)
    assert waited(desk, here) == timedelta(minutes=1)
    assert there.look() == 0
    arrive(desk, there)
    assert here.look() == 1
    assert desk.parked() == []


def test_what_arrives_for_others_wakes_nobody(desk: Desk) -> None:
    """Or a busy dealer would have everything tried that waits, with every event."""
    replica = Replica(desk)
    waited(desk, replica)
    other = a_delivery(desk)
    desk.hear(other, subject=other.work_order_id)
    replica.wake({other.work_order_id})
    assert replica.look() == 0


def test_a_fact_that_arrives_in_the_middle_of_an_attempt_is_not_missed(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attempt has seen nothing of it and fails; it is made again at once."""
    replica, other = Replica(desk), Replica(desk)
    waited(desk, replica)
    other.look()
    desk.clock.advance(timedelta(minutes=1))
    attempt = desk.subscriber.retry
    failures: list[int] = []

    def overtaken(entry: ParkedMessage, taken: ParkedMessage) -> str:
        failures.append(entry.attempts)
        try:
            return str(attempt(entry, taken))
        finally:
            if len(failures) == 1:
                arrive(desk, other)

    monkeypatch.setattr(desk.subscriber, "retry", overtaken)
    assert replica.look() == 2, "once before it arrived, and once after"
    assert failures == [0, 0], "neither counts as a failure"
    assert desk.parked() == []


def test_nor_is_one_that_arrives_between_taking_and_holding(desk: Any) -> None:
    """There was no attempt then, so there is no failure either."""
    replica, other = Replica(desk), Replica(desk)
    waited(desk, replica)
    other.look()
    desk.clock.advance(timedelta(minutes=1))
    pair = replica._take()
    assert pair is not None
    arrive(desk, other)
    replica._try(*pair)
    assert [(one.kind, one.attempts, one.next_at) for one in desk.parked()] == [("early", 0, desk.clock.now())]
    assert other.look() == 1
    assert desk.parked() == []


def test_a_message_whose_process_ended_in_the_attempt_waits_for_no_lease(desk: Any) -> None:
    """It counts as one failure, in case the message was why; another replica tries it a second later, not a minute."""
    desk.clock.advance(timedelta(seconds=1))
    left = Replica(desk).dies_in_an_attempt()
    desk.hear(desk.delivery, subject=desk.delivery.work_order_id)
    other = Replica(desk)
    assert (left.kind, left.attempts, other.look()) == ("retrying", 1, 0)
    desk.clock.advance(timedelta(seconds=1))
    assert other.look() == 1
    assert desk.parked() == []


def test_a_message_that_keeps_killing_its_process_is_dead_after_as_many_attempts_as_any_failure(desk: Desk) -> None:
    """And its pauses grow like any failure's: it is never tried in a hot loop."""
    desk.clock.advance(timedelta(seconds=1))
    pauses = []
    while (left := Replica(desk).dies_in_an_attempt()).next_at is not None:
        pauses.append(left.next_at - desk.clock.now())
        desk.clock.advance(pauses[-1])
    assert tuple(pauses) == RetryPolicy().delays
    assert [(one.kind, one.reason[:12]) for one in desk.parked()] == [("dead", "ProcessEnded")]


def test_nobody_takes_a_message_while_another_replica_is_at_it(desk: Desk) -> None:
    """However long the attempt takes; what holds it is the transaction, which ends with the process."""
    desk.clock.advance(timedelta(seconds=1))
    busy = Replica(desk).dies_in_an_attempt()
    desk.clock.advance(HOUR)
    with desk.executor.sessions() as session:
        assert parked.hold(session, busy)
        assert Replica(desk).look() == 0
    assert Replica(desk).look() == 1


def test_a_clock_set_forward_and_back_leaves_nothing_waiting_for_the_later_time(desk: Any) -> None:
    """An hour is not longer than any pause; it is noticed because the clock runs backwards."""
    replica = Replica(desk)
    desk.clock.advance(HOUR)
    replica.look()
    desk.clock.advance(-HOUR)
    desk.hear(desk.delivery, subject=desk.delivery.work_order_id)
    assert replica.look() == 1
    assert desk.parked() == []


def test_after_a_restart_too(desk: Any) -> None:
    """A process that never saw the later time finds what is due further ahead than any pause is long.

    Nor does the later time make anything dead: how long a message has waited is the sum of its pauses, whatever the clock says.
    """
    desk.clock.advance(timedelta(days=400))
    Replica(desk).look()
    assert [one.kind for one in desk.parked()] == ["early"]
    desk.clock.advance(timedelta(days=-400))
    desk.hear(desk.delivery, subject=desk.delivery.work_order_id)
    assert Replica(desk).look() == 1
    assert desk.parked() == []
