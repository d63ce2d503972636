"""What the reception has taken down of a car, and what the group has published for looking at it."""

from base64 import b64encode
from typing import Any

from servicelane.dealership import Dealership
from servicelane.visit import STROKES
from tests.journeys.console.photos import a_photo

TEMPLATE = {
    "template_code": "MPI",
    "name_zh": "全车检测",
    "name_en": "Multi-point inspection",
    "items": [
        {"item_code": "PAD-F", "name_zh": "前制动片", "name_en": "Front brake pad", "unit": "mm", "worse": "lower"}
        | {"amber": "4", "red": "2", "safety": True, "operation_code": "BRK-PAD-F"},
        {"item_code": "BATTERY", "name_zh": "蓄电池电压", "name_en": "Battery voltage", "unit": "V", "worse": "lower"}
        | {"amber": "12.4", "red": "11.8", "safety": False},
    ],
}


def received(at: Dealership, order: dict[str, Any]) -> None:
    """The car was walked around with its customer, who signed; a photo shows the dent."""
    path = f"/work-orders/{order['id']}"
    found = {
        "mileage": 32_110,
        "fuel_eighths": 5,
        "damages": [{"panel": "right_rear_door", "damage": "dent", "note": "10 cm"}, {"panel": "bonnet", "damage": "chip"}],
        "equipment": ["jack", "spare_wheel"],
        "property_left": [{"description": "儿童座椅", "count": 1}],
        "valuables_reminder": True,
        "protective_covers": True,
        "keys": 2,
        "registration": True,
        "service_book": False,
    }
    at.advisor.post(f"{path}/walk-around", found)
    photo = {
        "kind": "walk_around",
        "item": "right_rear_door",
        "file_name": "车门.jpg",
        "file": b64encode(a_photo("grey")).decode(),
    }
    at.advisor.post(f"{path}/attachments", photo)
    shown = at.advisor.get(f"{path}/walk-around")["document_hash"]
    signature = {"means": "drawn", "name": order["customer"]["name"], "strokes": STROKES, "document_hash": shown}
    at.advisor.post(f"{path}/walk-around/sign", {"signature": signature})
