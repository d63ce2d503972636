"""Plates that were typed, and the cars that have them: one plate on several cars is somebody's mistake, or moved (Rule C1)."""

from collections.abc import Iterable
from typing import Any

from console.desk import Desk

MOST = 12
"""So many plates of a page are looked at."""


def same_plate(desk: Desk, plates: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The cars of each plate that several files have."""
    if not desk.may("GET", "/vehicles"):
        return {}
    asked = list(dict.fromkeys(plates))[:MOST]
    files = desk.together(**{one: lambda one=one: desk.get("/vehicles", plate=one, limit=MOST)["items"] for one in asked})
    cars = {plate: [car for car in found if _key(car["plate"]) == _key(plate)] for plate, found in files.items()}
    return {plate: found for plate, found in cars.items() if len(found) > 1}


def _key(plate: str) -> str:
    return "".join(letter for letter in plate.upper() if letter.isalnum())
