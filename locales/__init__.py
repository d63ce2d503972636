"""Every text for users, by code: gettext catalogues, one folder per language (`<language>/LC_MESSAGES/*.po`).

A language is a folder: a new one is new files and no code. There is no build step: the files of a language are compiled in memory
when its first sentence is asked for. Values inside a sentence are written as the language writes them. English is the source:
what a language lacks is said in English, and a code that no catalogue knows is said as it is.

Nothing else of ours is imported here: whatever stands above the chassis may speak.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

SOURCE = "en"

WORDS = frozenset(
    {"status", "state", "kind", "location", "method", "payment_method", "payer", "service_type", "weekday", "field"}
)
"""Values that are words or fields of the contracts, by their names: a sentence says them in its language (`word.<value>`)."""

KINDS = "console.word."
"""What a word means depends on the kind of thing it is said of, in most languages: `console.word.damage.crack`."""

MOST_BARE = 20_000
"""Texts without values that are kept at hand: more than there are; a page says hundreds of them."""


class Catalogues:
    """The catalogues of a folder, read once each; `files` chooses among those of a language."""

    def __init__(self, folder: Path, files: str = "*.po") -> None:
        self._folder = folder
        self._pattern = files
        self._translations = cache(self._compiled)
        self._bare = lru_cache(MOST_BARE)(self.template)
        self.languages = cache(self._languages)
        self._kinds = cache(self._kinds_of_words)

    def sentence(self, code: str, language: str, /, **values: Any) -> str:
        """The text of a code in a language, with the values in their places; `count` chooses between singular and plural."""
        if not values:
            return self._bare(code, language)
        text = self.template(code, language, values.get("count"))
        if text == code:  # no catalogue knows it, and it may hold braces that mean nothing
            return text
        return text.format_map(
            _Written({name: self._said(name, value, language) for name, value in values.items()}, self.spoken(language))
        )

    def template(self, code: str, language: str, count: object = None) -> str:
        """The text of a code in a language, with the places for its values."""
        translations = self._translations(self.spoken(language))
        counted = translations.ngettext(code, code, count) if isinstance(count, int) else code
        return translations.gettext(code) if counted == code else counted  # a text may be the same for every count

    def spoken(self, language: str) -> str:
        """The language, or English for one that has no catalogue."""
        return language if language in self.languages() else SOURCE

    def knows(self, code: str) -> bool:
        """Whether there is a text for the code."""
        return self._translations(SOURCE).gettext(code) != code

    def kind_of(self, values: tuple[str, ...]) -> str | None:
        """The kind of words (`console.word.<kind>.<value>`) that has all of these: of several the one with the fewest others."""
        fitting = [(len(known), kind) for kind, known in self._kinds().items() if known.issuperset(values)]
        return min(fitting)[1] if fitting else None

    def _kinds_of_words(self) -> dict[str, set[str]]:
        kinds: dict[str, set[str]] = defaultdict(set)
        for message in self.catalogue(SOURCE):
            kind, _, value = str(message.id).removeprefix(KINDS).partition(".")
            if str(message.id).startswith(KINDS) and value:
                kinds[kind].add(value)
        return kinds

    def catalogue(self, language: str) -> Catalog:
        """All texts of a language. Raises ValueError when a code stands twice."""
        whole = Catalog(locale=language)
        for file in sorted(self._files(language)):
            with file.open("rb") as stream:
                for message in read_po(stream, locale=language, abort_invalid=True):
                    if not message.id:
                        continue  # the header
                    if message.id in whole:
                        raise ValueError(f"{file}: {message.id} stands twice")
                    whole[message.id] = message
        return whole

    def _said(self, name: str, value: Any, language: str) -> Any:
        if name in WORDS and isinstance(value, str) and self.knows(f"word.{value}"):
            return self.template(f"word.{value}", language)
        if name == "country":
            return _locale(self.spoken(language)).territories.get(value, value)
        return value

    def _compiled(self, language: str) -> GNUTranslations:
        compiled = BytesIO()
        write_mo(compiled, self.catalogue(language))
        compiled.seek(0)
        translations = GNUTranslations(compiled)
        if language != SOURCE:
            translations.add_fallback(self._translations(SOURCE))
        return translations

    def _languages(self) -> tuple[str, ...]:
        found = sorted(path.name for path in self._folder.iterdir() if self._files(path.name))
        return SOURCE, *(name for name in found if name != SOURCE)

    def _files(self, language: str) -> list[Path]:
        return list((self._folder / language / "LC_MESSAGES").glob(self._pattern))


CATALOGUES = Catalogues(Path(__file__).parent)


def languages() -> tuple[str, ...]:
    """The languages ServiceLane speaks, English first."""
    return CATALOGUES.languages()


def sentence(code: str, language: str, /, **values: Any) -> str:
    """The text of a code in a language, with the values in their places; see `Catalogues.sentence`."""
    return CATALOGUES.sentence(code, language, **values)


def knows(code: str) -> bool:
    """Whether there is a text for the code."""
    return CATALOGUES.knows(code)


_locale = cache(Locale.parse)


class _Written(dict[str, str]):
    """The values of a sentence; a place without a value stays as it stands in the catalogue."""

    def __init__(self, values: Mapping[str, Any], language: str) -> None:
        locale = _locale(language)
        super().__init__({name: _written(value, locale) for name, value in values.items()})

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def _written(value: Any, locale: Locale) -> str:  # noqa: PLR0911  # one line per kind of value
    """What travelled as text is known by its form: days, moments, money."""
    match _typed(value):
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | Decimal() as number:
            return format_decimal(number, locale=locale, decimal_quantization=False)
        case datetime() as moment:
            return _moment(moment, locale)
        case date() as day:
            return format_date(day, "long", locale=locale)
        case time() as hour:
            return format_time(hour, "short", locale=locale)
        case {"amount": amount, "currency": currency}:
            return format_currency(Decimal(amount), currency, locale=locale)
        case list() | tuple() as several:
            return format_list([_written(one, locale) for one in several], style="or", locale=locale)
        case other:
            return str(other)


def _moment(moment: datetime, locale: Locale) -> str:
    """To the minute, by the clock that it came with: a dealer's is their own, as one without a zone is; UTC says so."""
    told = f"{format_date(moment, 'medium', locale=locale)} {moment:%H:%M}"
    return told if moment.tzinfo is None or moment.utcoffset() else f"{told} UTC"


def _typed(value: Any) -> Any:
    """What travelled as text, as what it is: days and moments in ISO format. A moment says its zone, or it stays text."""
    if isinstance(value, str) and value[4:5] == value[7:8] == "-":
        for kind in (date, datetime):
            try:
                found = kind.fromisoformat(value)
            except ValueError:
                continue
            return value if isinstance(found, datetime) and found.tzinfo is None else found
    return value
