"""Damage of a car, by panel and kind, and the team's acceptance of a car as it is (Rules W2, W24)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Part, text
from chassis.wire.errors import Invalid
from contracts.shared import Login

Panel = Literal[
    "front_bumper",
    "bonnet",
    "windscreen",
    "roof",
    "rear_window",
    "boot_lid",
    "rear_bumper",
    "left_headlight",
    "right_headlight",
    "left_tail_light",
    "right_tail_light",
    "left_front_wing",
    "left_front_door",
    "left_rear_door",
    "left_rear_wing",
    "left_sill",
    "left_mirror",
    "right_front_wing",
    "right_front_door",
    "right_rear_door",
    "right_rear_wing",
    "right_sill",
    "right_mirror",
    "left_front_wheel",
    "right_front_wheel",
    "left_rear_wheel",
    "right_rear_wheel",
    "underbody",
    "interior",
]
"""车身部位: the panels of a car, and what else is looked at on the way around it."""

DamageKind = Literal["scratch", "dent", "chip", "crack", "broken", "missing", "rust", "stain"]
"""划痕, 凹陷, 掉漆, 裂纹, 破损, 缺失, 锈蚀, 污渍."""


class Damage(Part):
    """Damage of one panel, as it was found."""

    panel: Panel
    damage: DamageKind
    note: Annotated[str | None, text(300)] = None


def refuse_twice(field: str, damages: Sequence[Damage]) -> None:
    """One kind of damage of a panel is named once on a sheet, whoever signs it. Raises Invalid naming the second one."""
    for index, one in enumerate(damages):
        if (one.panel, one.damage) in ((other.panel, other.damage) for other in damages[:index]):
            raise Invalid.field(f"{field}.{index}", "named_twice")


class CarAcceptance(Part):
    """How the team took the car over for work: who, when, and what damage it found that the walk-around does not have."""

    accepted_by: Login
    accepted_at: datetime
    new_damages: list[Damage]
