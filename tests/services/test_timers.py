"""Timers fire once: under two replicas, after a leader that died, with the clock set back; and cost little with none due."""

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import insert, select
from structlog.testing import capture_logs

from chassis.process.settings import Settings
from chassis.service.timekeeping import AT_ONCE, Timekeeper
from chassis.store.tables import timer
from chassis.wire.errors import Unavailable
from chassis.wire.ids import new_id
from chassis.work.executor import Executor
from chassis.work.timers import set_timer
from contracts.parts.events import PriceListPublished
from services.parts.service import PartsService
from tests.services.desk import NOON
from tests.services.history import conditions
from tests.services.test_units_of_work import price_list

LATER = NOON + timedelta(hours=1)


@pytest.fixture(params=["postgres", "sqlite"])
def desk(request):
    """A service on each database."""
    return request.getfixturevalue("open_desk" if request.param == "postgres" else "open_embedded_desk")(PartsService)


def ring(work, subject):
    """An effect that nothing but the timer itself keeps from happening twice."""
    chunk = price_list("A-1")
    chunk.id = new_id()
    chunk.chunk = len(work.all(select(type(chunk)))) + 1
    work.add(chunk)


def keep(desk, at=LATER, *, subject=None, dealer="sh-pudong", name="ring"):
    subject = subject or new_id()
    desk.executor.run_for(dealer, lambda work: set_timer(work, name, subject, at))
    return subject


def rung(desk):
    return len(desk.announced(PriceListPublished))


def timers(desk):
    with desk.executor.sessions() as session:
        return {row.subject: row.due_at for row in session.execute(select(timer))}


def keeper(desk, **use_cases):
    return Timekeeper(desk.executor, {"ring": ring, **use_cases})


def test_a_timer_fires_once_when_it_is_due_and_not_before(desk):
    keep(desk)
    desk.clock.set(LATER - timedelta(seconds=1))
    assert (keeper(desk).look(Event()), rung(desk)) == (False, 0)
    desk.clock.set(LATER)
    for _ in range(2):
        assert keeper(desk).look(Event()) is False
    assert (rung(desk), timers(desk)) == (1, {})


def test_a_timer_that_is_set_again_moves_and_one_that_is_cleared_is_gone(desk):
    """There is one for each name and subject of a dealer."""
    moved, gone, theirs = keep(desk), keep(desk), keep(desk, dealer="bj-chaoyang")
    keep(desk, LATER + timedelta(hours=1), subject=moved)
    desk.executor.run_for("sh-pudong", lambda work: set_timer(work, "ring", gone, None))
    desk.executor.run_for("sh-pudong", lambda work: set_timer(work, "ring", theirs, None))
    assert timers(desk) == {moved: LATER + timedelta(hours=1), theirs: LATER}


def test_a_change_that_is_undone_leaves_its_timers_as_they_were(desk):
    def change(work):
        set_timer(work, "ring", subject, LATER)
        raise LookupError

    subject = new_id()
    with pytest.raises(LookupError):
        desk.executor.run_for("sh-pudong", change)
    assert timers(desk) == {}


def test_of_two_leaders_that_fire_one_timer_one_has_the_effect(open_desk):
    """They overlap as closely as can be: the second one fires and commits while the first one is in the middle."""
    desk = open_desk(PartsService)
    keep(desk)
    desk.clock.set(LATER)
    other = Executor(
        Settings.read("parts", {"AMQP_URI": "embedded://", "DATABASE_URL": str(desk.executor.settings.database_url)}),
        clock=desk.clock,
    )

    def ring_after_the_other(work, subject):
        assert Timekeeper(other, {"ring": ring}).look(Event()) is False
        assert rung(desk) == 1
        ring(work, subject)

    keeper(desk, ring=ring_after_the_other).look(Event())
    other.engine.dispose()
    (_,) = desk.announced(PriceListPublished)
    assert timers(desk) == {}


def test_a_timer_that_was_moved_while_it_fired_has_no_effect_yet(open_desk):
    desk = open_desk(PartsService)
    subject = keep(desk)
    desk.clock.set(LATER)

    def ring_too_late(work, subject):
        keep(desk, LATER + timedelta(hours=1), subject=subject)
        ring(work, subject)

    keeper(desk, ring=ring_too_late).look(Event())
    assert (rung(desk), timers(desk)) == (0, {subject: LATER + timedelta(hours=1)})


def test_what_dies_half_way_leaves_the_timer_for_the_next_leader(desk):
    def die(work, subject):
        ring(work, subject)
        raise KeyboardInterrupt

    subject = keep(desk)
    desk.clock.set(LATER)
    with pytest.raises(KeyboardInterrupt):
        keeper(desk, ring=die).look(Event())
    assert (rung(desk), timers(desk)) == (0, {subject: LATER})
    keeper(desk).look(Event())
    assert (rung(desk), timers(desk)) == (1, {})


def test_a_clock_set_forward_and_back_fires_nothing_twice_and_stops_nothing(desk):
    keep(desk)
    desk.clock.set(LATER + timedelta(days=365))
    keeper(desk).look(Event())
    desk.clock.set(NOON)
    keep(desk, NOON + timedelta(minutes=1))
    one = keeper(desk)
    one.look(Event())
    assert rung(desk) == 1
    for at in (NOON + timedelta(minutes=1), LATER, LATER + timedelta(days=365)):
        desk.clock.set(at)
        one.look(Event())
    assert (rung(desk), timers(desk)) == (2, {})


def test_a_use_case_may_set_its_timer_anew(desk):
    def twice(work, subject):
        ring(work, subject)
        if work.now < LATER + timedelta(minutes=5):
            set_timer(work, "ring", subject, LATER + timedelta(minutes=5))

    subject = keep(desk)
    desk.clock.set(LATER)
    keeper(desk, ring=twice).look(Event())
    assert timers(desk) == {subject: LATER + timedelta(minutes=5)}
    desk.clock.set(LATER + timedelta(minutes=5))
    keeper(desk, ring=twice).look(Event())
    assert (rung(desk), timers(desk)) == (2, {})


def test_one_that_fails_holds_up_no_other_and_is_tried_again_after_a_pause(desk, monkeypatch):
    now, asked = [0.0], []
    monkeypatch.setattr("chassis.service.timekeeping.monotonic", lambda: now[0])

    def fail(work, subject):
        asked.append(now[0])
        raise ConnectionError("the mail server is away")

    failing = keep(desk, LATER - timedelta(minutes=1), name="fail")
    keep(desk)
    desk.clock.set(LATER)
    one = keeper(desk, fail=fail)
    with capture_logs() as logs:
        for second in range(7):
            now[0] = float(second)
            one.look(Event())
    assert [(line["event"], line["timer"], line["again_in"]) for line in logs] == [
        ("timer_failed", "fail", 1.0),
        ("timer_failed", "fail", 2.0),
        ("timer_failed", "fail", 4.0),
    ]
    assert (asked, rung(desk), timers(desk)) == ([0.0, 1.0, 3.0], 1, {failing: LATER - timedelta(minutes=1)})


def test_a_database_that_is_away_counts_against_no_timer(desk, monkeypatch):
    def away(*given):
        raise Unavailable("database_unavailable", service="parts")

    keep(desk)
    desk.clock.set(LATER)
    one = keeper(desk)
    with monkeypatch.context() as outage:
        outage.setattr(desk.executor, "fire", away)
        assert one.look(Event()) is False
        outage.setattr(desk.executor, "due_timers", away)
        assert one.look(Event()) is False
    assert (rung(desk), len(timers(desk))) == (0, 1)
    one.look(Event())
    assert rung(desk) == 1


def test_none_is_begun_after_the_stop_and_many_are_worked_off_in_turns(desk):
    """A shutdown waits for the one that fires; between turns the leader shows that it is alive."""
    for _ in range(AT_ONCE + 1):
        keep(desk)
    desk.clock.set(LATER)
    stop, fired = Event(), []
    one = keeper(desk, ring=lambda work, subject: fired.append(subject))
    assert (one.look(stop), len(fired)) == (True, AT_ONCE)
    stop.set()
    assert (one.look(stop), len(fired)) == (False, AT_ONCE)
    assert (one.look(Event()), len(set(fired))) == (False, AT_ONCE + 1)


@pytest.mark.new_database
def test_with_nothing_due_a_look_is_one_statement_whatever_dealers_there_are(open_desk):
    """A thousand dealers with timers to come, and none that is due."""
    desk = open_desk(PartsService)
    rows = [{"dealer_id": f"dealer-{n}", "name": "ring", "subject": new_id(), "due_at": LATER} for n in range(1000)]
    with desk.executor.engine.begin() as connection:
        connection.execute(insert(timer), rows)
    asked = []
    sql_event.listen(desk.executor.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert keeper(desk).look(Event()) is False
    assert len(asked) == 1
    assert conditions(desk, "timer", lambda: keeper(desk).look(Event())) != [""]
