"""Forms: what was typed, how it becomes the body of a request, and how it comes back when the gateway said no.

A field is named by its place in the body (`decision.name`, `labour.0.hours`), as the gateway names it when something is wrong
with it. Nothing is checked here: what is no number travels as it was typed, and the gateway says in the reader's language what
is wrong with it.
"""

import hashlib
import json
import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from console.sending import Upload

DO, OF, NONCE, VERSION, SEEN, NAMED, OFFERED = "do", "of", "nonce", "version", "seen", "named", "offered"
"""What a form carries besides its fields: the action, what it is done to, and the invisible protocol."""

_NUMBER = re.compile(r"\.[0-9]+\b")
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
"""An amount as we show it, with commas between thousands. A comma elsewhere was meant to be something else: 12,50 is not 1250."""


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


class Needed(Field):
    """A field whose typing makes a row of a list one: the others are filled in beforehand."""


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
        """The moment with its offset."""
        text = super().value(typed, place)
        try:
            return text and datetime.fromisoformat(text).replace(tzinfo=place.zone).isoformat()
        except ValueError:
            return text


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


def _ungrouped(plain: str) -> str:
    """Thousands as pages show them, without their commas; a comma elsewhere may be meant as a decimal point, and stays."""
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain


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
    """The field an error of the gateway belongs to: its own, or the nearest above; None if the form has none such."""
    rows = _rows(list(fields), typed)
    names = {path: name for one in fields for name, path in _places(one, rows)}
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
            if (found := pattern.fullmatch(name)) and text.strip():
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


@dataclass(frozen=True)
class Change:
    """Something that somebody else changed while a form was being filled in."""

    what: str
    was: str
    now: str


@dataclass
class Form:
    """One form of a page: fresh, or with what was typed into it and what is wrong with that."""

    do: str
    of: str = ""
    nonce: str = field(default_factory=lambda: str(uuid.uuid4()))
    version: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)
    typed: MultiDict[str, str] = field(default_factory=MultiDict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    message: str = ""
    code: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    changes: list[Change] | None = None
    upload: Upload | None = None
    labels: dict[str, str] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, typed: MultiDict[str, str]) -> "Form":
        """The form that was sent."""
        return cls(
            do=typed.getlist(DO)[-1] if DO in typed else "",  # a button of the form may say something else than the form
            of=typed.get(OF, ""),
            nonce=_nonce(typed.get(NONCE, "")),
            version=typed.get(VERSION, ""),
            seen=_texts(typed.get(SEEN, "")),
            typed=typed,
            labels=_texts(typed.get(NAMED, "")),
            choices=_texts(typed.get(OFFERED, "")),
        )

    @property
    def id(self) -> str:
        """What it is called on the page."""
        return f"{self.do}-{self.of}" if self.of else self.do

    @property
    def returned(self) -> bool:
        """Whether it was sent and came back."""
        return bool(self.message)

    def field_id(self, name: str) -> str:
        """What one of its fields is called on the page."""
        return f"{self.id}-{name}".replace(".", "-")

    def labelled(self, name: str, text: str) -> str:
        """A field's label, remembered: what is wrong with the field is told by it, also where the field is no longer shown."""
        self.labels[name] = text
        return text

    def offer(self, name: str, options: Iterable[tuple[str, str]]) -> str:
        """What can be chosen in a field, remembered: what was chosen is told by its word, also where the field is gone."""
        self.choices |= {f"{_NUMBER.sub('.*', name)}={value}": word for value, word in options}
        return ""

    def said(self, name: str, text: str) -> str:
        """What was typed or chosen, as a reader knows it."""
        return self.choices.get(f"{_NUMBER.sub('.*', name)}={text}", text)

    def value(self, name: str, usual: Any = "") -> str:
        """What stands in a field: what was typed, else what usually stands there."""
        return self.typed.get(name, "") if self.typed else ("" if usual is None else str(usual))

    def has(self, name: str, value: str, usual: bool = False) -> bool:
        """Whether a box is ticked or a choice is made."""
        return value in self.typed.getlist(name) if self.typed else usual

    def key(self, method: str, path: str, body: Mapping[str, Any]) -> str:
        """The idempotency key: the same form sent again has one effect, a corrected one is another request."""
        canonical = json.dumps([method, path, body], sort_keys=True, ensure_ascii=False)
        return str(uuid.uuid5(uuid.UUID(self.nonce), canonical))

    def compare(self, now: Mapping[str, str]) -> None:
        """Remember what has changed since the form was shown."""
        names = [*self.seen, *(name for name in now if name not in self.seen)]
        self.changes = [
            Change(name, self.seen.get(name, ""), now.get(name, "")) for name in names if self.seen.get(name) != now.get(name)
        ]


def _nonce(given: str) -> str:
    try:
        return str(uuid.UUID(given))
    except ValueError:
        return str(uuid.uuid4())


def _texts(given: str) -> dict[str, str]:
    try:
        read = json.loads(given)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in read.items()} if isinstance(read, dict) else {}
