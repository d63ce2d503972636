"""What a sheet says that somebody signs, in words: told as changed when it is recorded anew before the signature."""

from collections.abc import Mapping
from typing import Any

from console.showing import words
from console.speaking import t, word


def sheet_facts(sheet: Mapping[str, Any] | None, *, goes_back: bool = False) -> dict[str, str]:
    """A walk-around, a leg's or a loan's sheet as its reader sees it; nothing of one that is not recorded yet.

    `goes_back`: keys and papers are given back with the car, not taken over.
    """
    labels = {
        "driver": t("loaners.driver"),
        "licence_number": t("loaners.licence"),
        "mileage": t("walk_around.mileage"),
        "mileage_reason": t("orders.mileage_reason"),
        "fuel_eighths": t("walk_around.fuel_is"),
        "fuel_percent": t("walk_around.percent"),
        "damages": t("walk_around.damage"),
        "equipment": t("walk_around.equipment"),
        "property_left": t("walk_around.property"),
        "valuables_reminder": t("walk_around.valuables"),
        "protective_covers": t("walk_around.covers"),
        "keys": t("legs.keys_back") if goes_back else t("walk_around.keys"),
        "registration": t("legs.registration_back") if goes_back else t("walk_around.registration"),
        "service_book": t("legs.service_book_back") if goes_back else t("walk_around.service_book"),
        "remarks": t("walk_around.remarks"),
    }
    return {label: _said(name, sheet[name]) for name, label in labels.items() if sheet and name in sheet}


def _said(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else "–"
    if name == "damages":
        told = (
            " ".join(filter(None, (word("panel", one["panel"]), word("damage", one["damage"]), one["note"]))) for one in value
        )
        return "; ".join(told)
    if name == "equipment":
        return words("equipment", value)
    if name == "property_left":
        return "; ".join(f"{one['description']} × {one['count']}" for one in value)
    return str(value)
