"""Kinds of fields that many messages have, for use in Annotated: ids, text with a length, whole numbers within bounds."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from marshmallow import ValidationError, fields, validate

from chassis.wire.keys import TextKey, shows_something, small
from chassis.wire.legible import HIDDEN, is_legible
from chassis.wire.rules import rule

ID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z"

Id = Annotated[str, fields.String(validate=validate.Regexp(ID, error="not_an_id"))]
"""A UUID in its canonical text form."""

DEALER_ID = r"^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\Z"

DealerId = Annotated[str, TextKey(most=32, spelling=small, key=small, pattern=DEALER_ID, error="not_a_dealer_code").field()]
"""The dealer's code in the registry; it stands in paths, rows and logs."""


_DIGITS = re.compile("-?[0-9]{1,20}")

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(_DAY.pattern + r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?")
"""ISO 8601 also has weeks (2026-W05-1), days of the year and days without dashes: slips, where a date is asked for."""

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Days and instants outside these years are slips of the keyboard; inside, every instant has a date in every time zone."""

CLOCK_SKEW = timedelta(minutes=5)
"""By so much the clocks of two machines, or of a machine and a tablet, may differ."""


def _in_the_calendar(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError(rule("outside_the_calendar", first=str(FIRST_YEAR), last=str(LAST_YEAR)))


class Instant(fields.AwareDateTime):
    """A point in time with its zone, within the calendar, written as RFC 3339 has it; UTC from then on, whoever said it where."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            value = value.upper()
            if not _INSTANT.fullmatch(value):
                raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        instant: datetime = super()._deserialize(value, *args, **kwargs)
        _in_the_calendar(instant.year)
        return instant.astimezone(UTC)


class Day(fields.Date):
    """A calendar day, within the calendar, written as RFC 3339 has it."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, str) and not _DAY.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        day = super()._deserialize(value, *args, **kwargs)
        _in_the_calendar(day.year)
        return day


_YES = ("true", "True")
_WORDS = (*_YES, "false", "False")


class YesOrNo(fields.Boolean):
    """True or false as JSON has them; in a path or a query string those words, also as Python writes them. Not `"yes"` or `1`."""

    from_text = False

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if self.from_text and value in _WORDS:
            return value in _YES
        if value is True or value is False:
            return value
        raise self.make_error("invalid", input=value)


class _Text(fields.String):
    """Text whose lines end as ours do, wherever it was written."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value.replace("\r\n", "\n") if isinstance(value, str) else value, *args, **kwargs)


_BLANKS = re.compile("[ \u00a0\u2002-\u200a\u202f\u3000]+")


class _Called(_Text):
    """A name: blanks around it and more than one between its words say nothing."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        said = super()._deserialize(value, *args, **kwargs)
        return _BLANKS.sub(" ", said).strip(" ") or said  # of one that is all blanks the rule says so


def _not_blank(value: str) -> None:
    if value and not shows_something(value):  # of an empty one its length speaks
        raise ValidationError("must_not_be_blank")


def _legible(value: str) -> None:
    if not is_legible(value):
        raise ValidationError("control_characters")


def text(longest: int, *, shortest: int = 1) -> fields.String:
    """A field of text with a length, for use in Annotated[str, text(80)]: something to read, and nothing that nobody sees."""
    return _Text(validate=_rules(longest, shortest))


def called(longest: int) -> fields.String:
    """A field of what somebody or something is called: text, in which two spellings that look alike are one."""
    return _Called(validate=_rules(longest, 1))


def _rules(longest: int, shortest: int) -> list[Any]:
    return [
        validate.Length(min=shortest, max=longest),
        validate.Regexp(rf"^[^{HIDDEN}]*\Z", error="control_characters"),
        _legible,
        _not_blank,
    ]


class _Whole(fields.Integer):
    """In a path or a query string, digits: `int` also reads `1_0` and the digits of every script."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, str) and not _DIGITS.fullmatch(value):
            raise self.make_error("invalid")
        return super()._deserialize(value, *args, **kwargs)


def whole(least: int = 0, most: int | None = None) -> fields.Integer:
    """A whole number within bounds, for use in Annotated[int, whole(0)]."""
    return _Whole(strict=True, validate=validate.Range(min=least, max=most))
