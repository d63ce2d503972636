"""What a hit of the search shows: the name people call the thing by, and a second line, from what its service answered."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from contracts.gateway.search import Hit, HitKind
from locales import SOURCE, sentence

Item = dict[str, Any]


def of(kind: HitKind, items: Iterable[Item], language: str) -> list[Hit]:
    """These things as hits, in the words of the language."""
    shown = _SHOWN[kind]
    return [shown(item, language) for item in items]


def _customer(item: Item, language: str) -> Hit:
    return Hit(kind="customer", id=item["id"], label=item["name"], detail=item["phone"])


def _vehicle(item: Item, language: str) -> Hit:
    return Hit(kind="vehicle", id=item["id"], label=item["plate"], detail=_line(item["make"], item["model"], item["vin"]))


def _work_order(item: Item, language: str) -> Hit:
    detail = _line(item["plate"], item["customer_name"], _word(item["status"], language))
    return Hit(kind="work_order", id=item["id"], label=item["number"], detail=detail, at=_instant(item["opened_at"]))


def _appointment(item: Item, language: str) -> Hit:
    detail = _line(item["customer"]["name"], _service(item, language), _word(item["status"], language))
    at = _instant(item["starts_at"])
    return Hit(kind="appointment", id=item["id"], label=item["vehicle"]["plate"], detail=detail, at=at)


def _service(item: Item, language: str) -> str:
    """The type of service, by the dealer's name where it is one of its own."""
    named = item.get("service_name")
    if named is None:
        return _word(item["service_type"], language)
    return str(named["name_en"] if language == SOURCE else named["name_zh"])


def _part(item: Item, language: str) -> Hit:
    name = item["name_en"] if language == SOURCE else item["name_zh"]
    return Hit(kind="part", id=item["id"], label=item["part_number"], detail=name)


def _invoice(item: Item, language: str) -> Hit:
    total = item["total"]
    detail = _line(f"{total['amount']} {total['currency']}", _word(item["payer"], language))
    return Hit(kind="invoice", id=item["id"], label=item["number"], detail=detail, at=_instant(item["issued_at"]))


_SHOWN: dict[HitKind, Callable[[Item, str], Hit]] = {
    "customer": _customer,
    "vehicle": _vehicle,
    "work_order": _work_order,
    "appointment": _appointment,
    "part": _part,
    "invoice": _invoice,
}


def _line(*parts: str) -> str:
    return " · ".join(parts)


def _word(word: str, language: str) -> str:
    return sentence(f"word.{word}", language)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
