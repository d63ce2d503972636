"""What a query may do on a real database: see its dealer's rows, statement after statement, and change nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import InternalError

from chassis.wire.call import Call
from chassis.wire.messages import Answer
from chassis.work.unit_of_work import Work
from contracts.workshop.pricing import GetWorkshopSettings
from services.workshop.pricing.settings import WorkshopSettings
from services.workshop.service import WorkshopService
from tests.services.desk import Desk

pytestmark = pytest.mark.new_database  # one connection serves all

settings = WorkshopSettings.__table__
"""Read past the ORM and its scope: what separates dealers here is the database."""


class Seen(Answer):
    """The dealers whose rows a query saw, statement by statement."""

    dealers: list[list[str]]


@pytest.fixture
def ask(open_desk: Callable[..., Desk]) -> Callable[..., Any]:
    """`ask(window)`: what `window(work, query)` answers at a workshop that knows two dealers."""
    executor = open_desk(WorkshopService).executor
    return lambda window, dealer="sh-pudong": executor.ask(GetWorkshopSettings, window, {}, Call(dealer=dealer))


def seen(work: Work, _: object) -> Seen:
    """Look twice."""
    return Seen(dealers=[list(work.session.scalars(select(settings.c.dealer_id))) for _ in range(2)])


def test_every_statement_of_a_query_sees_its_dealer_and_no_other(ask: Callable[..., Any]) -> None:
    """Each is a transaction of its own, and a connection carries no query's dealer into the next."""
    assert ask(seen)["dealers"] == [["sh-pudong"]] * 2
    assert ask(seen, "bj-chaoyang")["dealers"] == [["bj-chaoyang"]] * 2
    assert ask(seen, None)["dealers"] == [[], []]


def test_a_query_cannot_change_anything(ask: Callable[..., Any]) -> None:
    """The database refuses it, so that nobody has to see that a window has no rules."""
    with pytest.raises(InternalError, match="read-only transaction"):
        ask(lambda work, query: work.session.execute(update(settings).values(call_threshold_minor=1)))


def test_what_is_undone_after_a_query_is_undone(open_desk: Callable[..., Desk]) -> None:
    """Commands use the connections of queries, and theirs are transactions again."""
    desk = open_desk(WorkshopService)

    def change(work: Work) -> None:
        work.session.execute(update(settings).values(call_threshold_minor=1))
        raise LookupError

    before = desk.ask(GetWorkshopSettings())
    with pytest.raises(LookupError):
        desk.executor.run_for("sh-pudong", change)
    assert desk.executor.engine.pool.checkedin() == 1, "the same connection served both"
    assert desk.ask(GetWorkshopSettings()) == before
