"""Whether a delivery is overtaken (Rule W13) is said of an order and asked of all: both say the same of every order."""

from datetime import UTC, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import create_engine, literal, select
from sqlalchemy.sql.visitors import replacement_traverse

from services.workshop.order.promised import DELIVERY_OVERTAKEN, delivery_overtaken
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TIMES = (None, NOON - timedelta(hours=1), NOON, NOON + timedelta(hours=1))


def of(order: SimpleNamespace) -> Any:
    """The query's condition, of this order."""

    def its_own(element: Any, **more: Any) -> Any:
        name = getattr(element, "key", None) or ""
        return literal(getattr(order, name), element.type) if hasattr(order, name) and hasattr(element, "table") else None

    return replacement_traverse(DELIVERY_OVERTAKEN, {}, its_own)


def test_a_query_and_an_order_say_the_same_of_every_state_and_time() -> None:
    """Rule W13: also where nothing is promised, or no delivery agreed, and at the same minute."""
    every = [
        SimpleNamespace(status=status, delivery_at=agreed, promised_at=promised)
        for status, agreed, promised in product(Status, TIMES, TIMES)
    ]
    with create_engine("sqlite://").connect() as database:
        asked = [bool(database.scalar(select(of(one)))) for one in every]
    assert asked == [delivery_overtaken(cast("WorkOrder", one)) for one in every]
    assert 0 < sum(asked) < len(every)
