"""Times and days to come have an end: 2099 is a slip of the keyboard, said at its field, in every language."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import services
from chassis.wire.ahead import WEEK, YEAR, require_ahead, require_within
from chassis.wire.errors import Invalid
from chassis.wire.rules import read_rule
from locales import languages, sentence

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def told(ask) -> tuple[str, str]:
    """The field and the rule that are named."""
    with pytest.raises(Invalid) as refused:
        ask()
    [(field, [rule])] = refused.value.details["errors"].items()
    return field, rule


def test_a_time_to_come_is_later_than_now_and_not_beyond_its_end() -> None:
    require_ahead("due_at", NOW + timedelta(days=WEEK), NOW, days=WEEK)
    assert told(lambda: require_ahead("due_at", NOW, NOW, days=WEEK)) == ("due_at", "must_be_future")
    field, rule = told(lambda: require_ahead("due_at", NOW + timedelta(days=WEEK, seconds=1), NOW, days=WEEK))
    assert (field, read_rule(rule)) == ("due_at", ("too_far_ahead", {"days": WEEK}))


def test_a_day_to_come_counts_in_days_and_may_be_today_where_that_will_do() -> None:
    today = date(2026, 3, 2)
    require_within("expected_on", today, today, days=YEAR)
    field, rule = told(lambda: require_within("expected_on", date(2099, 1, 1), today, days=YEAR))
    assert (field, read_rule(rule)[0]) == ("expected_on", "too_far_ahead")
    assert told(lambda: require_ahead("next_service_on", today, today, days=YEAR))[1] == "must_be_future"


@pytest.mark.parametrize("language", languages())
def test_it_is_a_sentence_with_the_number_of_days(language: str) -> None:
    assert "366" in sentence("rule.too_far_ahead", language, days=YEAR)


def test_nobody_has_a_way_of_their_own() -> None:
    """Whoever asks for a time to come says how far off it may be."""
    [root] = map(Path, services.__path__)
    own = [str(one) for one in root.rglob("*.py") if "must_be_future" in one.read_text()]
    assert own == []
