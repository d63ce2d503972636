"""A clock that is set forward and back again stops no schedule."""

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine

from chassis.process.clock import ManualClock
from tests.unit.chassis.schedules import DAY, INVITE, MINUTE, NOON, REMIND, a_scheduler, an_engine, effects_in, with_effect_in


@pytest.fixture
def sqlite(tmp_path: Any) -> Iterator[Engine]:
    """The database of the one process that always leads."""
    with an_engine(f"sqlite:///{tmp_path}/service.sqlite") as engine:
        yield engine


def test_a_clock_set_forward_and_back_again_does_not_stop_the_schedule(sqlite: Engine) -> None:
    """Neither the next run nor those whose times the clock had shown before."""
    clock = ManualClock(NOON)
    scheduler = a_scheduler(sqlite, clock, with_effect_in(sqlite), REMIND, INVITE)
    scheduler.look(Event())
    clock.advance(30 * DAY)
    scheduler.look(Event())
    clock.advance(-30 * DAY)
    assert effects_in(sqlite) == 4
    for _ in range(3):
        clock.advance(MINUTE)
        scheduler.look(Event())
    assert effects_in(sqlite) == 7, "remind went on, invite was done this morning"
    clock.advance(30 * DAY - 3 * MINUTE)
    scheduler.look(Event())
    assert effects_in(sqlite) == 9, "the time is here that the clock had shown before"


def test_nor_after_a_restart_or_at_another_replica(sqlite: Engine) -> None:
    """What the table says of runs that are not due for a long time was written by a clock that was wrong."""
    clock = ManualClock(NOON + 30 * DAY)
    a_scheduler(sqlite, clock, with_effect_in(sqlite), REMIND).look(Event())
    clock.set(NOON)
    scheduler = a_scheduler(sqlite, clock, with_effect_in(sqlite), REMIND)
    scheduler.look(Event())
    clock.set(NOON + 30 * DAY)
    scheduler.look(Event())
    assert effects_in(sqlite) == 3
