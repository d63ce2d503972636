"""The walls between the dealers of one batch: a unit of work sees and adds rows of its own dealer, whoever else is admitted."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from chassis.store.tenancy import ScopedSession
from tests.bus.delivery.replicas import Bus, Reader
from tests.bus.toy.service import Counter

ADMITTED = ("bj-chaoyang", "sh-pudong")
STRANGER = "gz-tianhe"


@pytest.fixture
def toy(bus: Bus) -> Reader:
    """The toy on a bus of either kind."""
    return with_counters(bus)


def with_counters(bus: Bus) -> Reader:
    """Three dealers, each with a counter named after it."""
    toy = bus.reader()
    for dealer in (*ADMITTED, STRANGER):
        toy.count(dealer, dealer=dealer)
    return toy


def names(session: ScopedSession) -> list[str]:
    """The counters that a unit of work sees."""
    return list(session.scalars(select(Counter.name).order_by(Counter.name)))


def test_a_unit_of_work_sees_its_own_dealer_only(toy: Reader) -> None:
    """Also when others are admitted; and none before it is said whose turn it is."""
    with toy.executor.sessions() as session:
        session.admit(ADMITTED)
        assert names(session) == []
        for dealer in ADMITTED:
            session.scope_to(dealer)
            assert names(session) == [dealer]


def test_the_second_wall_stands_around_the_batch(server_bus: Bus) -> None:
    """A statement that forgot its dealer reaches the admitted ones at worst. SQLite has no second wall."""
    toy = with_counters(server_bus)
    with toy.executor.sessions() as session:
        session.admit(ADMITTED)
        assert sorted(session.execute(text("SELECT name FROM counter")).scalars()) == sorted(ADMITTED)
        session.scope_to(STRANGER)
        assert session.execute(text("SELECT name FROM counter")).scalars().all() == [STRANGER]


def test_nothing_is_added_for_another_dealer(toy: Reader) -> None:
    """Not even for one whose turn comes in the same batch."""
    with toy.executor.sessions() as session:
        session.admit(ADMITTED)
        session.scope_to(ADMITTED[0])
        with pytest.raises(PermissionError, match="added for dealer bj-chaoyang"):
            session.add(Counter(dealer_id=ADMITTED[1], name="stray", total=1))


def test_a_new_row_is_stamped_when_it_is_added(toy: Reader) -> None:
    """It is written at the end of the batch, when it is long another dealer's turn."""
    with toy.executor.sessions() as session:
        session.admit(ADMITTED)
        for dealer in ADMITTED:
            session.scope_to(dealer)
            session.add(Counter(name="new", total=1, updated_at=datetime(2026, 3, 2, tzinfo=UTC)))
        session.commit()
    assert [toy.total("new", dealer=dealer) for dealer in (*ADMITTED, STRANGER)] == [1, 1, 0]


def test_a_dealer_cannot_smuggle_in_another(toy: Reader) -> None:
    """The database is told the dealers with commas between them."""
    with toy.executor.sessions() as session, pytest.raises(ValueError, match="comma"):
        session.scope_to(",".join(ADMITTED))
