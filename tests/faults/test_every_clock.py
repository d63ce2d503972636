"""Whatever happens when a clock runs out, it is told once: with two replicas, a dying leader, no database, a clock set back."""

from collections.abc import Callable

import eventlet
import pytest

from chassis.service import runtime
from chassis.service.schedule import Job
from servicelane import suite
from tests.faults.every_clock import CLOCKS, TIMED, Clock
from tests.faults.every_schedule import SCHEDULES
from tests.faults.world import Fault, MakeFault
from tests.waiting import awaited

RunOut = Callable[[], None]
FIRED_SECONDS = 90


def test_every_clock_of_the_code_has_its_row() -> None:
    """One that is added without a row would be tried under no fault."""
    classes = {service: suite.service_class(service) for service in suite.SERVICES}
    known = {(service, name) for service, one in classes.items() for name in (*one.timers(), *one.errands())}
    assert {(clock.service, clock.name) for clock in CLOCKS} == known
    assert {one.name for one in SCHEDULES} == {one.name for one in vars(runtime).values() if isinstance(one, Job)}


def two_replicas(fault: Fault, run_out: RunOut) -> None:
    """Whoever leads is frozen, the other one takes over; it wakes up and believes that it leads."""
    frozen = [fault.fleet.leader(service, "schedule") for service in TIMED]
    for one in frozen:
        one.freeze()
        fault.inject()
    run_out()
    for one in frozen:
        awaited(lambda one=one: fault.fleet.leader(one.service, "schedule").pid != one.pid, "the other one to lead", 60)
    for one in frozen:
        one.thaw()


def killed_leader(fault: Fault, run_out: RunOut) -> None:
    """One after the other dies as it fires: before it has committed what it did, and after. Nobody fires any before that."""
    for service in TIMED:
        fault.fleet.kill(service)
    run_out()
    for point in ("timer_before_commit:2", "timer_after_commit:2"):
        doomed = [one for service in TIMED for one in fault.fleet.arm(service, point)]
        fault.inject(fault.fleet.fallen(doomed, FIRED_SECONDS))
    fault.fleet.restore()


def database_away(fault: Fault, run_out: RunOut) -> None:
    """It goes in the middle of them, and comes back."""
    run_out()
    fault.servers.database.stop("immediate")
    fault.inject()
    eventlet.sleep(3)
    fault.servers.database.start()


def clock_set_back(fault: Fault, run_out: RunOut) -> None:
    """It was ahead when they fired; set right, it comes to their time once more."""
    run_out()
    fault.inject()


@pytest.mark.long
@pytest.mark.parametrize("happens", [two_replicas, killed_leader, database_away, clock_set_back])
def test_every_clock_is_told_once(make_fault: MakeFault, happens: Callable[[Fault, RunOut], None]) -> None:
    """Rules B5, B6, B7, B9, B11, B13, B14, B15, P3, W1, W21, W32: all clocks run out together, at three dealers."""
    with make_fault(f"every clock, {happens.__name__.replace('_', ' ')}", 280) as fault:
        fleet = fault.fleet
        subjects = {clock: [clock.begin(desk) for desk in fault.world.desks] for clock in CLOCKS}

        def run_out() -> None:
            for schedule in SCHEDULES:
                for service in TIMED:
                    schedule.make_due(fleet, service)
            for clock, ids in subjects.items():
                clock.run_out(fleet, ids)

        happens(fault, run_out)
        _await_told(fault, subjects)
        if happens is clock_set_back:
            for clock, ids in subjects.items():
                clock.again(fleet, ids)
            _await_told(fault, subjects)
        else:
            assert happens is database_away or _runs(fault) == dict.fromkeys(TIMED, [1] * len(SCHEDULES))
        fault.result.answered += sum(len(ids) for ids in subjects.values())


def _await_told(fault: Fault, subjects: dict[Clock, list[str]]) -> None:
    """Each of them once, and none is due any more."""
    for clock, ids in subjects.items():
        awaited(lambda clock=clock, ids=ids: not clock.waits(fault.fleet, ids), f"{clock.name} to have fired", FIRED_SECONDS)
    told = {clock.name: clock.times(fault.fleet, ids) for clock, ids in subjects.items()}
    assert told == {clock.name: dict.fromkeys(ids, 1) for clock, ids in subjects.items()}


def _runs(fault: Fault) -> dict[str, list[int]]:
    return {service: [one.times(fault.fleet, service) for one in SCHEDULES] for service in TIMED}
