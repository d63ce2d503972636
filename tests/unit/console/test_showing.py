"""What a page says of a moment: on the dealer's clock, whatever the year."""

from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, g

from console.showing import moment
from console.speaking import t

NOW = datetime(2026, 11, 29, 16, 30, tzinfo=UTC)
"""Half past midnight of the next day, on the dealer's clock."""


@pytest.mark.parametrize(
    ("at", "english", "chinese"),
    [
        ("2026-11-30T02:00:00+00:00", "today 10:00", "今天 10:00"),
        ("2026-12-24T02:00:00+00:00", "Dec 24 10:00", "12月24日 10:00"),
        ("2027-01-05T02:00:00+00:00", "Jan 5, 2027 10:00", "2027年1月5日 10:00"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_moment_is_told_on_the_dealers_clock(at: str, english: str, chinese: str, language: str) -> None:
    """By itself, and within a sentence, which takes it as it is: the hour is never called another zone's."""
    with Flask(__name__).test_request_context(headers={"Accept-Language": language}):
        g.desk = SimpleNamespace(zone=ZoneInfo("Asia/Shanghai"), now=NOW)
        told = moment(at)
        assert told == (english if language == "en" else chinese)
        assert told in t("follow_ups.call_again", time=told)
