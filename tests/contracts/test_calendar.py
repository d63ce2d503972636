"""No day or instant outside the calendar passes any request: none ends in an overflow further in."""

from datetime import UTC, date, datetime, timedelta
from typing import get_type_hints

import pytest

from chassis import Invalid
from chassis.wire.codec import schema_of
from chassis.wire.fields import Day, Instant
from chassis.wire.messages import Command, Query
from tests.contracts.published import REQUESTS, name

EDGES = {
    Day: ["9999-12-31", "0001-01-01", "1899-12-31", "3000-01-01"],
    Instant: ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "1899-12-31T23:59:59Z"],
}
DATED = [(one, field) for one in REQUESTS for field, kind in schema_of(one).fields.items() if isinstance(kind, Day | Instant)]


def test_there_are_requests_with_days_and_instants() -> None:
    """The search finds them: tests of nothing would all pass."""
    assert len(DATED) > 8
    assert all(field in get_type_hints(one) for one, field in DATED)


@pytest.mark.parametrize(("request_class", "field"), DATED, ids=lambda one: one if isinstance(one, str) else name(one))
def test_what_lies_outside_the_calendar_is_refused_by_field(request_class: type[Command] | type[Query], field: str) -> None:
    """422 at the door, whatever else of the request is right or wrong."""
    kind = next(kind for kind in EDGES if isinstance(schema_of(request_class).fields[field], kind))
    for edge in EDGES[kind]:
        with pytest.raises(Invalid) as refused:
            request_class.load({field: edge})
        assert refused.value.details["errors"][field] == ['outside_the_calendar {"first": "1900", "last": "2999"}'], edge


def test_every_instant_inside_has_a_day_in_every_zone() -> None:
    """So that no arithmetic of days can leave what Python knows."""
    for year in (1900, 2999):
        instant = datetime(year, 1, 1, tzinfo=UTC) if year == 1900 else datetime(year, 12, 31, 23, 59, tzinfo=UTC)
        assert isinstance((instant + timedelta(days=400)).date(), date)
        assert isinstance((instant - timedelta(days=400)).date(), date)


def test_an_instant_is_utc_whoever_said_it_where() -> None:
    """So that an answer to a change and a later read of it say the same."""
    told = Instant().deserialize("2026-03-08T03:00:00+02:00")
    assert told.isoformat() == "2026-03-08T01:00:00+00:00"
