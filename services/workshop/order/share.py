"""Who pays how much of a line (Rules W4, L1)."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from contracts.shared import WHOLE_LINE, Payer


class AgreedShare(TypedDict):
    """One payer of a line as agreed: basis points of its price, or an amount in minor units; one kind for all of its payers."""

    payer: Payer
    basis_points: NotRequired[int]
    minor: NotRequired[int]


class FrozenShare(TypedDict):
    """What one payer's share comes to, in minor units."""

    payer: Payer
    minor: int


class DoNotAddUp(ValueError):
    """Amounts that were agreed do not make the price. They are never scaled: somebody would pay what they did not agree to."""


def whole(payer: Payer) -> list[AgreedShare]:
    """One payer pays all of it."""
    return [AgreedShare(payer=payer, basis_points=WHOLE_LINE)]


def fixed(agreed: Sequence[AgreedShare]) -> bool:
    """Whether the payers agreed to amounts."""
    return any("minor" in share for share in agreed)


def share_out(minor: int, agreed: Sequence[AgreedShare]) -> list[FrozenShare]:
    """Each payer's share of a price. Raises DoNotAddUp for agreed amounts that do not make it."""
    if fixed(agreed):
        shares = [share["minor"] for share in agreed]
        if sum(shares) != minor:
            raise DoNotAddUp
    else:
        shares = apportion(minor, [share["basis_points"] for share in agreed])
    return [FrozenShare(payer=share["payer"], minor=part) for share, part in zip(agreed, shares, strict=True)]


def apportion(minor: int, weights: Sequence[int]) -> list[int]:
    """Cut an amount into shares by weight. They add up exactly; what rounding leaves over goes to the first payer.

    The other shares are rounded down, so that no share of a positive amount is ever negative.
    """
    whole_weight = sum(weights)
    others = [minor * weight // whole_weight for weight in weights[1:]] if whole_weight else [0] * (len(weights) - 1)
    return [minor - sum(others), *others]
