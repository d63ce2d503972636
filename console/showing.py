"""How values are shown: money and numbers as the language writes them, times on the dealer's clock, states as word and shape."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
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

NOTHING = "–"
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
A_DAY = 24 * 60

SHAPES = {"ok": "✓", "running": "▶", "waiting": "‖", "late": "▲", "neutral": "●"}

TONES: Mapping[str, Mapping[str, str]] = {
    "status": {
        "open": "neutral",
        "dispatched": "neutral",
        "in_progress": "running",
        "on_hold": "waiting",
        "quality_check": "running",
        "ready": "ok",
        "delivered": "ok",
        "closed": "neutral",
        "void": "neutral",
    },
    "left_since": {"open": "waiting", "done": "ok", "dismissed": "neutral"},
    "link": {"open": "waiting", "used": "ok", **dict.fromkeys(("withdrawn", "replaced", "lapsed"), "neutral"), "expired": "late"},
    "visit_link": {"open": "ok", "withdrawn": "neutral", "replaced": "neutral", "expired": "neutral", "order_void": "neutral"},
    "visit_stage": {
        **dict.fromkeys(("looked_at", "in_repair", "at_specialist", "quality_check", "washing"), "running"),
        **dict.fromkeys(("waiting_for_answer", "waiting_for_parts", "waiting_for_manufacturer"), "waiting"),
        **dict.fromkeys(("ready", "handed_over"), "ok"),
        **dict.fromkeys(("received", "planned", "parts_here"), "neutral"),
    },
    "visit_line": {"asked": "waiting", "to_do": "neutral", "in_work": "running", "done": "ok", "declined": "neutral"},
    "visit_finding": {"amber": "waiting", "red": "late"},
    "line": {"draft": "neutral", "quoted": "waiting", "approved": "ok", "declined": "late", "taken_up": "neutral"},
    "appointment": {
        "requested": "waiting",
        "wait_listed": "waiting",
        "confirmed": "neutral",
        "arrived": "running",
        "fulfilled": "ok",
        "cancelled": "neutral",
        "no_show": "late",
    },
    "settlement": {"open": "waiting", "paid": "ok", "on_account": "waiting", "authorised": "ok", "reversed": "neutral"},
    "want": {
        "gate_pass": "running",
        "payment": "waiting",
        "authorisation": "waiting",
        "delivery": "neutral",
        "exit": "ok",
        "refund": "late",
    },
    "reversal": {"requested": "waiting", "confirmed": "neutral", "refused": "late"},
    "vin_warning": {"check_digit": "waiting"},
    "severity": {"severe": "late", "warning": "waiting"},
    "tag": {
        "booked": "ok",
        "comeback": "late",
        "near_warranty_end": "waiting",
        "complaint_customer": "late",
        "diagnosis": "neutral",
    },
    "rescue": {"reported": "late", "under_way": "running", "arrived": "ok", "closed": "neutral"},
    "loan": {"booked": "waiting", "handed_over": "running", "returned": "ok", "cancelled": "neutral"},
    "high_voltage": {
        "live": "late",
        "locked": "waiting",
        "measured": "waiting",
        "isolated": "ok",
        "energising": "late",
    },
    "isolation": {
        "locked": "waiting",
        "measured": "waiting",
        "isolated": "ok",
        "energising": "late",
        "energised": "neutral",
        "void": "neutral",
    },
    "wash": {"wanted": "neutral", "due": "waiting", "begun": "running", "done": "ok", "skipped": "neutral"},
    "record": {"due": "running", "taken": "ok", "refused": "late"},
    "observation": {"observed": "running", "due": "late", "came_back": "waiting", "ended": "neutral"},
    "delivery": {"booked": "waiting", "kept": "ok", "cancelled": "neutral"},
    "test_drive": {"fixed": "ok", "not_fixed": "late", "declined": "neutral"},
    "condition": {"in_order": "ok", "due_soon": "waiting", "overdue": "late", "failed": "late", "retired": "neutral"},
    "service_result": {"passed": "ok", "adjusted": "ok", "failed": "late"},
    "certificate": {"valid": "ok", "expiring": "waiting", "expired": "late", "withdrawn": "neutral", "renewed": "neutral"},
    "training": {"planned": "waiting", "passed": "ok", "failed": "late", "cancelled": "neutral"},
    "task_state": {"open": "waiting", "resolved": "ok"},
    "coverage": {"covered": "ok", "not_covered": "neutral", "undetermined": "waiting"},
    "finding": {"green": "ok", "amber": "waiting", "red": "late"},
    "priority": {"comeback": "late", "booked": "ok", "normal": "neutral"},
    "leg_state": {"planned": "waiting", "under_way": "running", "done": "ok", "failed": "late", "cancelled": "neutral"},
    "leg_question": {
        **dict.fromkeys(("appointment_moved", "appointment_off", "car_is_here", "driver_gone", "leg_failed"), "late"),
        **dict.fromkeys(("less_than_at_door", "visit_open"), "late"),
        **dict.fromkeys(("not_given_back", "car_to_return", "car_waits", "order_reopened", "customer_changed"), "late"),
    },
    "deposit": {"due": "late", "paid": "ok"},
    "parts_state": {"asked": "waiting", "reserved": "ok", "short": "late"},
    "outcome": {"satisfied": "ok", "problem": "late", "unreachable": "waiting"},
    "effect": {"done": "ok", "pending": "waiting", "unknown": "neutral"},
    "follow_up": {"scheduled": "waiting", "completed": "ok", "cancelled": "neutral"},
}
"""What a state feels like: its colour and shape. A word alone would have to be read, a colour alone not everybody sees."""


@dataclass(frozen=True)
class Tag:
    """A state as it is shown."""

    tone: str
    word: str

    @property
    def shape(self) -> str:
        """The shape before the word."""
        return SHAPES[self.tone]


BY_LINK = "link"
"""Who acted by a one-time link, in papers and events."""


def tag(kind: str, value: str | None) -> Tag | None:
    """The tag of a state; none for no state."""
    return Tag(TONES.get(kind, {}).get(value, "neutral"), word(kind, value)) if value else None


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
