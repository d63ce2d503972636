"""Clocks of appointments run out while leaders die and the database is away: each customer is missed once (Rule B5)."""

import eventlet
import pytest

from tests.faults.world import Fault, MakeFault
from tests.waiting import awaited

pytestmark = pytest.mark.long

APPOINTMENTS = 60
LEFT = "SELECT count(*) FROM timer WHERE name = 'miss_appointment' AND subject::text = ANY(:ids)"
MISSED = "SELECT subject::text FROM outbox WHERE type = 'booking.appointment.missed' AND subject::text = ANY(:ids)"
STATES = "SELECT DISTINCT status FROM appointment WHERE id::text = ANY(:ids)"
AN_HOUR_AGO = (
    "UPDATE appointment SET starts_at = now() - interval '1 hour', place_from = now() - interval '1 hour',"
    " ends_at = now() - interval '30 minutes', place_until = now() - interval '30 minutes' WHERE id::text = ANY(:ids)"
)
NOW = "UPDATE timer SET due_at = now() WHERE name = 'miss_appointment' AND subject::text = ANY(:ids)"


def test_two_replicas_and_leaders_that_are_killed(make_fault: MakeFault) -> None:
    """One process after the other dies while it leads; the others go on where it stopped."""
    with make_fault("timers, their leader killed, three times", 240) as fault:
        missed = _booked(fault)
        for _ in range(3):
            leader = fault.fleet.leader("booking", "schedule")
            _run_out(fault, missed[:: fault.result.injected + 1])
            leader.kill()
            fault.inject()
            fault.fleet.start("booking")
        _run_out(fault, missed)
        _each_once(fault, missed)


@pytest.mark.parametrize("point", ["timer_before_commit", "timer_after_commit"])
def test_a_leader_killed_as_it_fires(make_fault: MakeFault, point: str) -> None:
    """Before its commit nothing was done, after it all: both replicas die there before healthy ones take over."""
    with make_fault(f"booking killed at {point}", 240) as fault:
        missed = _booked(fault)
        doomed = fault.fleet.arm("booking", f"{point}:3")
        _run_out(fault, missed)
        fault.inject(fault.fleet.fallen(doomed))
        fault.fleet.restore()
        _each_once(fault, missed)


def test_the_database_is_away_when_they_run_out(make_fault: MakeFault) -> None:
    """Nothing is given up, and nobody waits longer than the outage."""
    with make_fault("timers, database stopped", 240) as fault:
        missed = _booked(fault)
        _run_out(fault, missed)
        fault.servers.database.stop("immediate")
        fault.inject()
        eventlet.sleep(3)
        fault.servers.database.start()
        _each_once(fault, missed)


def _booked(fault: Fault) -> list[str]:
    """So many appointments at the offered times: their ids."""
    desk = fault.world.desks[0]
    starts_at = desk.client.get("/slot-offers", service_type="repair")["items"][0]["starts_at"]
    asked = {
        **desk.walk_in,
        "confirm_second_appointment": True,  # the dealer has one car for all visits
        "channel": "phone",
        "service_type": "repair",
        "starts_at": starts_at,
        "wait_list": True,
    }
    ids = [str(desk.client.post("/appointments", asked)["id"]) for _ in range(APPOINTMENTS)]
    fault.fleet.change("booking", "UPDATE appointment SET status = 'confirmed' WHERE id::text = ANY(:ids)", ids=ids)
    return ids


def _run_out(fault: Fault, ids: list[str]) -> None:
    """Have their time pass, as no clock could here: it was an hour ago, and they are due to be looked at now."""
    fault.fleet.change("booking", AN_HOUR_AGO, ids=ids)
    fault.fleet.change("booking", NOW, ids=ids)


def _each_once(fault: Fault, ids: list[str]) -> None:
    awaited(lambda: fault.fleet.rows("booking", LEFT, ids=ids)[0][0] == 0, "every timer to have fired", 60)
    assert sorted(row.subject for row in fault.fleet.rows("booking", MISSED, ids=ids)) == sorted(ids)
    assert [row.status for row in fault.fleet.rows("booking", STATES, ids=ids)] == ["no_show"]
    fault.result.answered += len(ids)
