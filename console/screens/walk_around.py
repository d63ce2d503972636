"""The walk-around at the car, for a tablet: damage by panel, fuel, what is there, what was taken over, the signature."""

from typing import Any

from console.action import Action, signing
from console.desk import Desk
from console.form import Field, Needed, Place, Several, Whole, Yes
from console.page import Screen, Shown
from console.screens.order import ORDER, TAKEN, attaching
from console.sheets import sheet_facts
from console.showing import options
from console.speaking import t

PANELS = {
    "front_bumper": (70, 4, 60, 14),
    "left_headlight": (48, 8, 18, 12),
    "right_headlight": (134, 8, 18, 12),
    "bonnet": (62, 22, 76, 52),
    "windscreen": (62, 78, 76, 22),
    "roof": (66, 104, 68, 84),
    "rear_window": (62, 192, 76, 20),
    "boot_lid": (62, 216, 76, 40),
    "rear_bumper": (70, 260, 60, 14),
    "left_tail_light": (48, 258, 18, 12),
    "right_tail_light": (134, 258, 18, 12),
    "left_front_wing": (38, 24, 20, 56),
    "left_mirror": (18, 84, 16, 12),
    "left_front_door": (38, 84, 20, 54),
    "left_rear_door": (38, 142, 20, 50),
    "left_rear_wing": (38, 196, 20, 56),
    "left_sill": (28, 100, 6, 92),
    "right_front_wing": (142, 24, 20, 56),
    "right_mirror": (166, 84, 16, 12),
    "right_front_door": (142, 84, 20, 54),
    "right_rear_door": (142, 142, 20, 50),
    "right_rear_wing": (142, 196, 20, 56),
    "right_sill": (166, 100, 6, 92),
    "left_front_wheel": (22, 32, 12, 36),
    "right_front_wheel": (166, 32, 12, 36),
    "left_rear_wheel": (22, 206, 12, 36),
    "right_rear_wheel": (166, 206, 12, 36),
    "underbody": (78, 280, 20, 12),
    "interior": (84, 128, 32, 36),
}
"""Each panel with its place on the drawing of the car from above: left, top, width, height."""

DAMAGES = ("scratch", "dent", "chip", "crack", "broken", "missing", "rust", "stain")
EQUIPMENT = ("spare_wheel", "jack", "tool_kit", "warning_triangle", "extinguisher", "floor_mats", "charging_cable", "dash_camera")

CUSTOMER = "customer"
"""Nobody of the house: chosen as such, so that nothing goes back to them because nobody chose."""


class ToWhom(Field):
    """A colleague's login, or the customer."""

    def value(self, typed: list[str], place: Place) -> Any:
        """Nothing for the customer; where nobody chose, that is sent, and refused."""
        text = super().value(typed, place)
        return None if text == CUSTOMER else text or ""


screen = Screen("walk_around", under="orders")


@screen.page(
    "/orders/<work_order_id>/walk-around",
    Action(
        "record",
        "POST",
        ORDER + "/walk-around",
        (
            Whole("mileage"),
            Field("mileage_reason"),
            Whole("fuel_eighths"),
            Whole("fuel_percent"),
            Needed("damages.*.panel"),
            Field("damages.*.damage"),
            Needed("damages.*.note"),
            Several("equipment"),
            Needed("property_left.*.description"),
            Whole("property_left.*.count"),
            Yes("valuables_reminder"),
            Yes("protective_covers"),
            Whole("keys"),
            Yes("registration"),
            Yes("service_book"),
            Field("remarks"),
            Field("corrected_because"),
        ),
    ),
    Action("sign", "POST", ORDER + "/walk-around/sign", signing("signature")),
    attaching(),
    Action("hand", "POST", ORDER + "/custody", (Several("things"), ToWhom("given_to"), Field("reason")), guarded=False),
)
def car(desk: Desk, work_order_id: str) -> Shown:
    """One car, its newest walk-around with its photos, how the team took it over, who has its keys and papers: one read."""
    found = desk.get(f"/work-orders/{work_order_id}/reception")
    known = found["walk_around"]
    values: dict[str, Any] = {
        "one": found,
        "walk": known,
        "said": known["findings"] if known else None,
        "hurt": {one["panel"] for one in known["findings"]["damages"]} if known else set(),
        "panels": PANELS,
        "panel_words": dict(options("panel", PANELS)),
        "taken": TAKEN,
        "kinds": DAMAGES,
        "equipment": EQUIPMENT,
        "names": dict(desk.choices(found["colleagues"])),
        "takers": [(CUSTOMER, t("walk_around.customer")), *desk.choices(found["colleagues"])],
        "here": [one["thing"] for one in found["held"] if one["holder"]],
    }
    title = t("walk_around.heading", plate=found["vehicle"]["plate"])
    facts = {
        t("order.plate"): found["vehicle"]["plate"],
        t("order.customer"): found["customer"]["name"],
        **sheet_facts(values["said"]),
    }
    return Shown("walk_around.html", title, values, version=str(found["version"]), facts=facts)
