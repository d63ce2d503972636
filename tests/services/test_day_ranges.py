"""Whoever asks for days that end before they begin is told so by field, wherever such days are asked for."""

from datetime import date

import pytest

from chassis.wire.codec import schema_of
from chassis.wire.errors import Invalid
from chassis.wire.messages import Query
from servicelane.suite import service_class
from tests.contracts.published import REQUESTS, name

ASKED = [one for one in REQUESTS if issubclass(one, Query) and {"from_day", "to_day"} <= schema_of(one).fields.keys()]


def test_there_are_questions_about_days():
    """The search finds them: tests of nothing would all pass."""
    assert {one.service for one in ASKED} >= {"billing", "booking", "workshop", "crm"}


@pytest.mark.parametrize("question", ASKED, ids=name)
def test_days_in_the_wrong_order_are_refused_by_field(open_desk, question):
    desk = open_desk(service_class(question.service))
    with pytest.raises(Invalid) as refused:
        desk.ask(question(from_day=date(2026, 3, 2), to_day=date(2026, 3, 1)))
    assert list(refused.value.details["errors"]) == ["to_day"]
    desk.ask(question(from_day=date(2026, 3, 1), to_day=date(2026, 3, 1)))
