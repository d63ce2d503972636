"""Who pays how much of a line (Rules W4, L1)."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from contracts.shared import Payer


class AgreedShare(TypedDict):
    """One payer of a line as agreed: a percentage, or an amount in minor units; the same kind for all payers of the line."""

    payer: Payer
    percent: NotRequired[int]
    minor: NotRequired[int]


class FrozenShare(TypedDict):
    """What one payer's share comes to, in minor units."""

    payer: Payer
    minor: int


def share_out(minor: int, agreed: Sequence[AgreedShare]) -> list[FrozenShare]:
    """Each payer's share of an amount."""
    weights = [share["percent"] if "percent" in share else share["minor"] for share in agreed]
    shares = apportion(minor, weights)
    return [FrozenShare(payer=share["payer"], minor=part) for share, part in zip(agreed, shares, strict=True)]


def apportion(minor: int, weights: Sequence[int]) -> list[int]:
    """Cut an amount into shares by weight. They add up exactly; what rounding leaves over goes to the first payer.

    The other shares are rounded down, so that no share of a positive amount is ever negative.
    """
    whole = sum(weights)
    others = [minor * weight // whole for weight in weights[1:]] if whole else [0] * (len(weights) - 1)
    return [minor - sum(others), *others]
