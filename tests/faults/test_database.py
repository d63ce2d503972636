"""The database stops, is cut off and stays away: no message is lost, none is counted as failed."""

import eventlet
import pytest

from servicelane import suite
from tests.faults.outboxes import unsent
from tests.faults.world import MakeFault
from tests.waiting import awaited

pytestmark = pytest.mark.long

OUTAGE_SECONDS = 60.0
SUBSCRIBERS = ("billing", "parts", "crm")


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_the_database_stopped(make_fault: MakeFault, mode: str) -> None:
    """Fast ends every session; immediate leaves recovery to the next start. Commits that were answered survive both."""
    with make_fault(f"database stopped, {mode}", 240) as fault:
        load = fault.load(24, over=12)
        load.reached(6)
        fault.servers.database.stop(mode)
        fault.inject()
        eventlet.sleep(3)
        fault.servers.database.start()


def test_connections_terminated(make_fault: MakeFault) -> None:
    """Every session of every service is ended, three times, in the middle of whatever it did."""
    with make_fault("database connections terminated", 240) as fault:
        load = fault.load(24, over=12)
        for answered in (4, 10, 16):
            load.reached(answered)
            for database in fault.fleet.databases.values():
                fault.servers.database.terminate_connections(database.name)
                fault.inject()


def test_the_database_away_for_long_with_full_queues(make_fault: MakeFault) -> None:
    """A minute without a database is nobody's fault: no message is parked, none has an attempt counted."""
    with make_fault(f"database away for {OUTAGE_SECONDS:.0f} s, full queues", 360) as fault:
        work = fault.world.ready(30)
        frozen = [one for service in SUBSCRIBERS for one in fault.fleet.of(service)]
        for replica in frozen:
            replica.freeze()
        fault.serve(work, reversing=False).wait()
        awaited(lambda: unsent(fault.fleet, "workshop") == 0, "everything to be in the queues")
        fault.servers.database.stop()
        fault.inject()
        for replica in frozen:
            replica.thaw()
        eventlet.sleep(OUTAGE_SECONDS)
        assert all(one.running for one in fault.fleet.replicas), "a process died of the outage"
        fault.servers.database.start()
        awaited(lambda: not fault.proof.undone(), "every effect after the outage", 60)
        for service in suite.SERVICES:
            assert fault.fleet.rows(service, "SELECT 1 FROM parked_message WHERE attempts > 0 OR kind = 'dead'") == []
