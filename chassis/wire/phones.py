"""Which number a phone is that somebody named: `+86 139 1234 5678` and `13912345678` are one, and an extension belongs to it."""

import re
from functools import cache
from importlib.resources import files

import phonenumbers

from chassis.wire.errors import Invalid
from chassis.wire.keys import capitals, digits

_EXTENSION = re.compile(r"(.*\d)\D{1,4}(\d{1,6})")
"""A number, and one of the ways to write an extension behind it: `-8006`, ` 转 8006`, `*8006`."""

_WITH_LETTERS = 1
"""North America, where 1-800-FLOWERS is a number. Elsewhere letters would become digits: a Chinese mobile of this one."""

_SHORTEST = 3
"""Fewer digits are a piece of any number."""


@cache
def country_of(time_zone: str) -> str | None:
    """The country that the tz database places a time zone in (Asia/Shanghai: CN); None for zones of no country (UTC)."""
    folder = files("tzdata").joinpath("zoneinfo")
    rows = [line.split("\t") for line in folder.joinpath("zone.tab").read_text("utf-8").splitlines() if not line.startswith("#")]
    countries = {row[2]: row[0] for row in rows}
    links = (line.split() for line in folder.joinpath("tzdata.zi").read_text("utf-8").splitlines() if line.startswith("L "))
    targets = {alias: target for _, target, alias in links}
    return countries.get(time_zone) or countries.get(targets.get(time_zone, ""))


def phone_key(said: str, country: str | None, *, field: str = "phone") -> str:
    """The number in E.164, and `;` with an extension: +862158881234;8006. `country` is where it is dialled without a code.

    Raises Invalid naming the field for what is no number of its country.
    """
    found = _number(said, country)
    if found is not None:
        return found
    if country is None and not capitals(said).startswith("+"):
        raise Invalid.field(field, "needs_country_code")
    raise Invalid.field(field, "not_a_phone_of", country=_named_country(said, country))


def phone_pieces(said: str, country: str | None) -> list[str]:
    """What a key may contain when somebody looks for this phone or for a piece of it: its tail, its beginning without 0 or 00."""
    found = _number(said, country)
    if found is not None:
        return [found]
    piece = digits(said)
    dialled = (piece.removeprefix(zeros) for zeros in ("00", "0"))
    return sorted({piece, *(one for one in dialled if len(one) >= _SHORTEST)})


def _number(said: str, country: str | None) -> str | None:
    text = capitals(said)
    whole = _valid(text, country)
    if whole is not None:
        return whole
    split = _EXTENSION.fullmatch(text)
    number = _valid(split[1], country) if split else None
    return f"{number};{split[2]}" if split and number and ";" not in number else None


def _valid(text: str, country: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or (number.country_code != _WITH_LETTERS and phonenumbers.is_alpha_number(text)):
        return None
    key = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{key};{number.extension}" if number.extension else key


def _named_country(said: str, country: str | None) -> str:
    """The country whose number was meant: that of the country code, if one was said; the code itself if no country has it."""
    if not capitals(said).startswith("+"):
        return country or "+"
    named = (phonenumbers.region_code_for_country_code(int(digits(said)[:length] or 0)) for length in (1, 2, 3))
    return next((one for one in named if one != phonenumbers.UNKNOWN_REGION), f"+{digits(said)[:3]}")
