"""The clock of simulated days: it stops wherever something is due, and goes on when all that came of it is done."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chassis.process import clock as clocks
from chassis.process.clock import SimulatedClock, Standing, SystemClock, clock_of
from chassis.process.settings import Settings
from chassis.wire.errors import SettingsError
from chassis.work.executor import Executor

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
EMBEDDED = {"AMQP_URI": "embedded://", "DATABASE_URL": "sqlite://"}
SINCE = {"SIMULATED_SINCE": MORNING.isoformat()}


class Alarm:
    """Rings at its times, each once, and sets off others so many minutes after."""

    def __init__(self, name: str, clock: SimulatedClock, *at: datetime, sets_off: "Alarm | None" = None) -> None:
        self.name = name
        self.rang: list[datetime] = []
        self.at = sorted(at)
        self._clock = clock
        self._sets_off = sets_off

    def catch_up(self) -> Standing:
        """Ring; what it has set off is another's to tell."""
        while self.at and self.at[0] <= self._clock.now():
            self.rang.append(self._clock.now())
            self.at.pop(0)
            if self._sets_off is not None:
                self._sets_off.at.append(self._clock.now())
        return Standing(len(self.rang), False, self.at[0] if self.at else None)


def minutes(number: int) -> datetime:
    return MORNING + timedelta(minutes=number)


def test_it_stops_at_each_moment_at_which_something_is_due() -> None:
    """In the order of time, whoever has it to do, also what becomes due on the way; later things stay for later."""
    clock = SimulatedClock(MORNING)
    first, second = Alarm("first", clock, minutes(30), minutes(10)), Alarm("second", clock, minutes(20), minutes(50))
    for one in (first, second):
        clock.follow(one)
    clock.move_to(minutes(40))
    assert (first.rang, second.rang) == ([minutes(10), minutes(30)], [minutes(20)])
    assert clock.now() == minutes(40)
    clock.move_to(minutes(50))
    assert second.rang == [minutes(20), minutes(50)]


def test_it_tells_the_time_in_utc_whichever_way_it_was_told() -> None:
    """What is stored and signed has one spelling of a moment."""
    at_the_dealer = minutes(40).astimezone(ZoneInfo("Asia/Shanghai"))
    clock = SimulatedClock(at_the_dealer)
    clock.move_to(at_the_dealer)
    assert clock.now().isoformat() == minutes(40).isoformat()


def test_what_one_causes_another_to_do_is_done_before_the_time_goes_on() -> None:
    """Also if the other one was asked first."""
    clock = SimulatedClock(MORNING)
    effect = Alarm("effect", clock)
    cause = Alarm("cause", clock, minutes(10), sets_off=effect)
    for one in (effect, cause):
        clock.follow(one)
    clock.move_to(minutes(40))
    assert effect.rang == [minutes(10)]


def test_a_time_that_has_been_does_not_come_again() -> None:
    clock = SimulatedClock(MORNING)
    with pytest.raises(ValueError, match="has been"):
        clock.move_to(minutes(-1))


def test_who_does_not_come_to_rest_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The days end there, instead of standing still for ever."""
    monkeypatch.setattr(clocks, "LONGEST_SECONDS", 0.05)
    clock = SimulatedClock(MORNING)
    busy = Alarm("busy", clock)
    busy.catch_up = lambda: Standing(0, True, None)  # type: ignore[method-assign]  # it always has something under way
    for one in (Alarm("calm", clock), busy):
        clock.follow(one)
    with pytest.raises(TimeoutError, match=r"not at rest: busy$"):
        clock.settle()


def test_all_services_of_the_embedded_suite_have_one_clock() -> None:
    """The simulated one if it is asked for, else the machine's."""
    booking, crm = (Settings.read(name, {**EMBEDDED, **SINCE}) for name in ("booking", "crm"))
    assert booking.simulated_since == MORNING
    assert Executor(booking).clock is Executor(crm).clock is clock_of(MORNING)
    assert isinstance(Executor(Settings.read("booking", EMBEDDED)).clock, SystemClock)


def test_a_simulated_clock_is_refused_outside_the_embedded_suite() -> None:
    """Several machines have no clock in common that somebody could move."""
    with pytest.raises(SettingsError, match="SIMULATED_SINCE is the embedded suite's alone"):
        Settings.read("booking", {**EMBEDDED, **SINCE, "AMQP_URI": "amqp://guest:guest@127.0.0.1/x"})


@pytest.mark.parametrize("wrong", ["tomorrow", "2026-03-02T08:00:00", "2026-13-02T08:00:00+08:00"])
def test_when_it_begins_is_a_time_with_its_offset(wrong: str) -> None:
    """The setting is named."""
    with pytest.raises(SettingsError, match=r"SIMULATED_SINCE must be a time with its offset"):
        Settings.read("booking", {**EMBEDDED, "SIMULATED_SINCE": wrong})
