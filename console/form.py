"""Fields of forms: what was typed, and how it becomes the body of a request.

A field is named by its place in the body (`decision.name`, `labour.0.hours`), as the gateway names it when something is wrong
with it. Nothing is checked here: what is no number travels as it was typed, and the gateway says in the reader's language what
is wrong with it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

_GROUPED = re.compile(r"-?[0-9]{1,3}(?:(,[0-9]{3})+|( [0-9]{3})+)(\.[0-9]+)?")
"""An amount with commas between thousands, as we show it, or with blanks. A comma elsewhere was meant to be something else: 12,50
is not 1250."""


@dataclass(frozen=True)
class Place:
    """Where a form is filled in: the dealer's currency and clock."""

    currency: str
    zone: ZoneInfo


@dataclass(frozen=True)
class Field:
    """A field that is sent as it was typed; `name` is its path in the body, `*` in it stands for the items of a list."""

    name: str

    def value(self, typed: list[str], place: Place) -> Any:
        """What is sent; None for nothing, which is left out."""
        return typed[0].strip() or None if typed else None


@dataclass(frozen=True)
class Needed(Field):
    """A field whose typing makes a row of a list one: the others are filled in beforehand, as it is from row `until` on."""

    until: int = 1_000


class Number(Field):
    """A number that may have decimals: it travels in the digits of a request, as pages and keyboards write it or not."""

    def value(self, typed: list[str], place: Place) -> Any:
        """The number, or what was typed instead."""
        text = super().value(typed, place)
        plain = _ungrouped(_plain(text))
        return plain if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", plain) else text


class Counted(Number, Needed):
    """A number that makes a row of a list one."""


class Whole(Field):
    """A whole number."""

    def value(self, typed: list[str], place: Place) -> Any:
        """The number, or what was typed instead."""
        text = super().value(typed, place)
        plain = _ungrouped(_plain(text))
        return int(plain) if re.fullmatch(r"-?[0-9]{1,18}", plain) else text


class Yes(Field):
    """A box that is ticked or not; it is always sent."""

    def value(self, typed: list[str], place: Place) -> Any:
        """Whether it is."""
        return "yes" in typed


class Chosen(Field):
    """Yes, no, or nothing said."""

    def value(self, typed: list[str], place: Place) -> Any:
        """Which of them, or what was typed instead."""
        text = super().value(typed, place)
        return {"yes": True, "no": False}.get(text or "", text)


class Answered(Chosen, Needed):
    """Yes, no, or nothing said, which makes a row of a list one."""


class Several(Field):
    """A list of values, such as the boxes that are ticked."""

    def value(self, typed: list[str], place: Place) -> Any:
        """The values."""
        return [one for one in typed if one.strip()]


class Amount(Field):
    """Money in the dealer's currency."""

    def value(self, typed: list[str], place: Place) -> Any:
        """Amount and currency."""
        text = super().value(typed, place)
        return text and {"amount": _ungrouped(_plain(text)), "currency": place.currency}


class Moment(Field):
    """A moment on the dealer's clock."""

    def value(self, typed: list[str], place: Place) -> Any:
        """The moment with its offset; a day alone is none, nor is an hour that the clock leaves out in spring."""
        text = super().value(typed, place)
        try:
            at = text and "T" in text and datetime.fromisoformat(text).replace(tzinfo=place.zone)
        except ValueError:
            return text
        return at.isoformat() if at and _is_there(at) else text


class Hashed(Field):
    """A secret that is told to nobody: what is sent is its SHA-256, in hexadecimal digits."""

    def value(self, typed: list[str], place: Place) -> Any:
        """The hash."""
        text = super().value(typed, place)
        return text and hashlib.sha256(text.encode()).hexdigest()


class File(Field):
    """A file. It is sent beside the other fields; when a form comes back, it is to be chosen again."""

    def value(self, typed: list[str], place: Place) -> Any:
        """Nothing: it is no part of what was typed."""
        return None


def _is_there(at: datetime) -> bool:
    """Whether the clock on the wall ever shows it."""
    return at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) == at.replace(tzinfo=None)


def _ungrouped(plain: str) -> str:
    """Thousands without what stands between them; a comma elsewhere may be meant as a decimal point, and stays."""
    return re.sub("[, ]", "", plain) if _GROUPED.fullmatch(plain) else plain


def body_of(fields: Iterable[Field], typed: MultiDict[str, str], place: Place) -> dict[str, Any]:
    """The body a form stands for. Items of a list in which nothing was typed are left out."""
    whole: dict[str, Any] = {}
    declared = list(fields)
    rows = _rows(declared, typed)
    for one in declared:
        for name, path in _places(one, rows):
            if name in typed or isinstance(one, Yes):
                value = one.value(typed.getlist(name), place)
                if value is not None:
                    _put(whole, path.split("."), value)
    listed: dict[str, Any] = _listed(whole)
    return listed


def typed_name(error: str, fields: Iterable[Field], typed: MultiDict[str, str]) -> str | None:
    """The field an error of the gateway belongs to: its own, or the nearest above; None if the form has none such.

    What is wrong with a row as a whole is told at its first field.
    """
    fields = list(fields)
    rows = _rows(fields, typed)
    names: dict[str, str] = {}
    for one in fields:
        for name, path in _places(one, rows):
            names[path] = name
            if after := one.name.partition(".*.")[2]:
                names.setdefault(path.removesuffix(f".{after}"), name)
    while error and error not in names:
        error = error.rpartition(".")[0]
    return names.get(error)


def _plain(text: str | None) -> str:
    """What was typed, with the digits that a Chinese keyboard writes wide as everybody's."""
    return unicodedata.normalize("NFKC", text or "")


def _rows(fields: list[Field], typed: MultiDict[str, str]) -> dict[str, list[str]]:
    """The rows of each list in which something was typed, by their numbers on the form."""
    rows: dict[str, set[str]] = {}
    needed = {one.name for one in fields if isinstance(one, Needed)}
    for one in fields:
        before, star, after = one.name.partition(".*.")
        if not star or (one.name not in needed and any(name.startswith(f"{before}.*.") for name in needed)):
            continue
        pattern = re.compile(rf"{re.escape(before)}\.([0-9]{{1,3}})\.{re.escape(after)}")
        for name, text in typed.items(multi=True):
            if (found := pattern.fullmatch(name)) and text.strip() and int(found[1]) < getattr(one, "until", 1_000):
                rows.setdefault(before, set()).add(found[1])
    return {before: sorted(found, key=int) for before, found in rows.items()}


def _places(one: Field, rows: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """A field's names on the form, each with its path in the body."""
    before, star, after = one.name.partition(".*.")
    if not star:
        return [(one.name, one.name)]
    return [(f"{before}.{row}.{after}", f"{before}.{at}.{after}") for at, row in enumerate(rows.get(before, []))]


def _put(into: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        into = into.setdefault(step, {})
    into[path[-1]] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(name.isdecimal() for name in value):
        return [_listed(value[name]) for name in sorted(value, key=int)]
    return {name: _listed(one) for name, one in value.items()}
