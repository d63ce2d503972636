"""How values are shown: money and numbers as the language writes them, times on the dealer's clock."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from flask import g

from console.speaking import language, t, word
from console.tags import tag

NOTHING = "–"
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
A_DAY = 24 * 60

BY_LINK = "link"
"""Who acted by a one-time link, in papers and events."""


def money(value: Mapping[str, str] | None) -> str:
    """An amount with its currency."""
    if value is None:
        return NOTHING
    return format_currency(Decimal(value["amount"]), value["currency"], locale=_locale())


def number(value: Any) -> str:
    """A number or decimal string."""
    return NOTHING if value is None else format_decimal(Decimal(str(value)), locale=_locale(), decimal_quantization=False)


def rate(value: int | None) -> str:
    """Basis points as per cent."""
    return NOTHING if value is None else format_percent(Decimal(value) / 10_000, "#,##0.0%", locale=_locale())


def _here() -> Any:
    """Whose clock it is by: the desk's, or that of the dealer whose document a visitor sees."""
    return g.get("desk") or g.visit


def moment(value: str | datetime | None) -> str:
    """A moment on the dealer's clock: today's and its neighbours by name, others with their date."""
    if value is None:
        return NOTHING
    here = _here()
    at = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(here.zone)
    today = here.now.astimezone(here.zone).date()
    days = (at.date() - today) // timedelta(days=1)
    if days in (-1, 0, 1):
        return t(f"day.{('yesterday', 'today', 'tomorrow')[days + 1]}", time=f"{at:%H:%M}")
    pattern = "MMM d HH:mm" if language() != "zh" else "M月d日 HH:mm"
    if at.year != today.year:
        pattern = "MMM d, y HH:mm" if language() != "zh" else "y年M月d日 HH:mm"
    return format_datetime(at, pattern, tzinfo=here.zone, locale=_locale())


def local_day(value: str) -> str:
    """The dealer's day on which a moment was, whatever day it is now: for what is printed."""
    return day(datetime.fromisoformat(value).astimezone(_here().zone).date())


def day(value: str | date | None) -> str:
    """A local day."""
    if value is None:
        return NOTHING
    at = date.fromisoformat(value) if isinstance(value, str) else value
    return format_date(at, "medium", locale=_locale())


def hour(value: str | datetime | None) -> str:
    """The time of day of a moment, on the dealer's clock."""
    if value is None:
        return NOTHING
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(_here().zone).strftime("%H:%M")


def second(value: datetime) -> str:
    """The same to the second: how old a page is."""
    return value.astimezone(_here().zone).strftime("%H:%M:%S")


def weekday(value: str | None) -> str:
    """A local day, or that of a moment, as people name it on the phone."""
    if value is None:
        return NOTHING
    at = datetime.fromisoformat(value).astimezone(_here().zone).date() if "T" in value else date.fromisoformat(value)
    return format_date(at, "EEE d MMM" if language() != "zh" else "M月d日 EEE", locale=_locale())


def clock(value: str | None) -> str:
    """A moment as a field takes it: on the dealer's clock, to the minute."""
    return "" if value is None else datetime.fromisoformat(value).astimezone(_here().zone).strftime("%Y-%m-%dT%H:%M")


def span(minutes: int) -> str:
    """Minutes as hours and minutes, and as days from one on: nobody counts what is that late in minutes."""
    return t("shell.days", days=minutes // A_DAY) if minutes >= A_DAY else f"{minutes // 60}:{minutes % 60:02}"


def person(login: str | None, named: str | None = None) -> str:
    """What whoever has the login is called; who came by a one-time link has none. `named`: who is not listed."""
    if login == BY_LINK:
        return t("shell.by_link")
    return g.desk.called(login, named) if login else NOTHING


def dealer(code: str) -> str:
    """What a dealer of the group is called: only programs, and addresses, know it by its code."""
    return str(g.desk.dealer_called(code))


def past(value: str | None) -> bool:
    """Whether a moment has gone by."""
    return value is not None and datetime.fromisoformat(value) < _here().now


def options(kind: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """What may be chosen, each with its word."""
    return [(value, word(kind, value)) for value in values]


def name_of(one: Mapping[str, Any]) -> str | None:
    """What something that has a name in both languages is called in the reader's; None for what has none."""
    return one.get(f"name_{language()}")


def called(one: Mapping[str, Any]) -> str:
    """A line in words: as the catalogue calls it in the reader's language, else as it was typed, else its code."""
    return str(name_of(one) or one["description"] or one.get("operation_code") or one.get("part_number"))


def service(one: Mapping[str, Any]) -> str:
    """The type of service of something, by the dealer's name where it is one of its own."""
    named = one.get("service_name")
    return word("service_type", one["service_type"]) if named is None else str(name_of(named))


def words(kind: str, values: Iterable[str]) -> str:
    """Several values as the language lists them."""
    return format_list([word(kind, value) for value in values], locale=_locale())


_parsed = cache(Locale.parse)


def _locale() -> Locale:
    return _parsed(language())


def colon() -> str:
    """What stands between a label and its value."""
    return ": " if language() != "zh" else "："


def unit(value: str | None) -> str:
    """In what a quantity is counted, as the price list has it; what it calls otherwise is said as it is."""
    return word("unit", value)


def tongue(typed: str) -> str:
    """The language that somebody typed this in, for whatever reads it aloud or chooses its glyphs."""
    return "zh" if _HAN.search(typed) else "en"


FILTERS: Mapping[str, Callable[..., str]] = {
    "money": money,
    "number": number,
    "rate": rate,
    "moment": moment,
    "day": day,
    "local_day": local_day,
    "clock": clock,
    "hour": hour,
    "second": second,
    "weekday": weekday,
    "span": span,
    "person": person,
    "dealer": dealer,
    "tongue": tongue,
    "unit": unit,
    "called": called,
}
GLOBALS = {
    "tag": tag,
    "past": past,
    "t": t,
    "word": word,
    "words": words,
    "colon": colon,
    "options": options,
    "name_of": name_of,
    "service": service,
}
