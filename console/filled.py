"""Forms of a page: as they are shown, with what was typed when the gateway said no, and with what they carry unseen."""

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from console.sending import Upload

DO, OF, NONCE, READER, VERSION, SEEN, NAMED, OFFERED = "do", "of", "nonce", "reader", "version", "seen", "named", "offered"
"""What a form carries besides its fields: the action, what it is done to, for whom it was shown, and the invisible protocol."""

_NUMBER = re.compile(r"\.[0-9]+$")


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
        self.choices |= {_choice(name, value): word for value, word in options}
        return ""

    def said(self, name: str, text: str) -> str:
        """What was typed or chosen, as a reader knows it."""
        return self.choices.get(_choice(name, text), text)

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


def _choice(name: str, value: str) -> str:
    """A choice of a field, and of its like in the other rows and lists of the form: a payer is one in each of them."""
    return f"{_NUMBER.sub('', name).rpartition('.')[2]}={value}"


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
