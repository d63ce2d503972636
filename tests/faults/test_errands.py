"""A health record reaches its receiver once, whoever dies, sleeps or is away between sending and noting it (Rule W32)."""

from typing import Any

import eventlet
import pytest

from tests.faults.fleet import REPLICAS
from tests.faults.workshop_clocks import handed_over
from tests.faults.world import Fault, MakeFault
from tests.waiting import awaited

ROW = "SELECT dealer_id, id::text AS id, state, attempts, reason FROM health_record WHERE work_order_id::text = :order"
NOW = "UPDATE timer SET due_at = now() WHERE name = 'send_health_record' AND subject::text = :id"
HOLDS = 3.0
"""Seconds that the receiver keeps what it was sent before it answers: something happens meanwhile."""


def test_both_processes_are_killed_between_the_answer_and_the_note(make_fault: MakeFault) -> None:
    """It has it since the first time, and hears the same key again from each who did not know; it counts one."""
    with make_fault("workshop killed between a record's answer and its note", 240) as fault:
        desk = fault.world.desks[0]
        fault.fleet.records.down = True
        order = handed_over(desk)
        row = awaited(lambda: _row(fault, order, attempts=1), "the first attempt")
        fault.fleet.records.down = False
        doomed = fault.fleet.arm("workshop", "errand_before_note")
        for fallen in range(1, REPLICAS + 1):
            fault.fleet.change("workshop", NOW, id=row.id)
            awaited(lambda fallen=fallen: sum(not one.running for one in doomed) >= fallen, "the leader to die", 60)
            fault.inject()
        assert _row(fault, order).state == "due", "nobody was left to note it"
        fault.fleet.restore()
        fault.fleet.change("workshop", NOW, id=row.id)
        awaited(lambda: _row(fault, order, state="taken"), "the answer to be noted")
        assert _received(fault, order) == [f"{row.dealer_id}:{order}:1"] * (2 + REPLICAS)
        assert [one for one in fault.fleet.records.records if order in one] == [f"{row.dealer_id}:{order}:1"]
        fault.result.answered += 1


@pytest.mark.long
def test_the_leader_is_frozen_while_it_waits_for_the_answer(make_fault: MakeFault) -> None:
    """The other one leads and sends it again; who wakes up notes what was noted."""
    with make_fault("a record's leader frozen between answer and note", 240) as fault:
        order, row = _held(fault)
        leader = fault.fleet.leader("workshop", "errands")
        leader.freeze()
        fault.inject()
        fault.fleet.records.slow = 0.0
        awaited(lambda: fault.fleet.leader("workshop", "errands").pid != leader.pid, "the other one to lead", 60)
        fault.fleet.change("workshop", NOW, id=row.id)
        taken = awaited(lambda: _row(fault, order, state="taken"), "the other one to note it")
        leader.thaw()
        _once(fault, order, row.dealer_id)
        assert _row(fault, order) == taken


@pytest.mark.long
def test_the_database_is_away_when_the_answer_comes(make_fault: MakeFault) -> None:
    """It was sent and cannot be noted: it is sent again."""
    with make_fault("database stopped between a record's answer and its note", 240) as fault:
        order, row = _held(fault)
        fault.servers.database.stop("immediate")
        fault.inject()
        eventlet.sleep(HOLDS + 1)
        fault.fleet.records.slow = 0.0
        fault.servers.database.start()
        awaited(lambda: _row(fault, order, attempts=1), "the database to be there")
        assert _row(fault, order).state == "due"
        fault.fleet.change("workshop", NOW, id=row.id)
        awaited(lambda: _row(fault, order, state="taken"), "the answer to be noted", 90)
        _once(fault, order, row.dealer_id)


@pytest.mark.long
def test_a_stop_does_not_wait_for_the_receiver(make_fault: MakeFault) -> None:
    """SIGTERM while nothing is answered: the process ends within its time to drain, and what was under way is sent again."""
    with make_fault("workshop stopped while a receiver does not answer", 240) as fault:
        order, row = _held(fault, seconds=60)
        for one in fault.fleet.of("workshop"):
            one.process.stop()
            fault.inject()
        fault.fleet.records.slow = 0.0
        fault.fleet.restore()
        fault.fleet.change("workshop", NOW, id=row.id)
        awaited(lambda: _row(fault, order, state="taken"), "the next one to send it")
        _once(fault, order, row.dealer_id)


@pytest.mark.long
def test_a_receiver_that_does_not_answer_holds_up_nothing_else(make_fault: MakeFault) -> None:
    """Clocks run out and are told as ever, at every dealer, while one record after the other waits for an answer."""
    with make_fault("a receiver that does not answer", 240) as fault:
        fault.fleet.records.slow = 60.0
        orders = [handed_over(desk) for desk in fault.world.desks]
        for order in orders:
            awaited(lambda order=order: _row(fault, order, reason="TimeoutError"), "each to be tried, one after the other", 30)
        fault.inject(len(orders))
        fault.fleet.records.slow = 0.0
        for order in orders:
            fault.fleet.change("workshop", NOW, id=_row(fault, order).id)
        for order in orders:
            awaited(lambda order=order: _row(fault, order, state="taken"), "each to be taken")
        fault.result.answered += len(orders)


def _held(fault: Fault, seconds: float = HOLDS) -> tuple[str, Any]:
    """An order whose record the receiver has and has not answered yet."""
    fault.fleet.records.slow = seconds
    order = handed_over(fault.world.desks[0])
    awaited(lambda: _received(fault, order), "the record to be received")
    return order, _row(fault, order)


def _row(fault: Fault, order: str, **wanted: Any) -> Any:
    """Its record, if it is as wanted."""
    found = fault.fleet.rows("workshop", ROW, order=order)
    return found[0] if found and all(getattr(found[0], name) == value for name, value in wanted.items()) else None


def _received(fault: Fault, order: str) -> list[str]:
    """The keys under which it came, as often as it did."""
    return [key for key in fault.fleet.records.received if order in key]


def _once(fault: Fault, order: str, dealer: str) -> None:
    assert _received(fault, order) == [f"{dealer}:{order}:1"] * 2
    assert [key for key in fault.fleet.records.records if order in key] == [f"{dealer}:{order}:1"]
    fault.result.answered += 1
