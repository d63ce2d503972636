"""Who pays how much of a line (Rules W4, L1)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NotRequired, TypedDict

from chassis import Money
from contracts.shared import WHOLE_LINE, Payer
from contracts.workshop.order import Split


class AgreedShare(TypedDict):
    """One payer of a line as agreed: basis points of its price, or an amount in minor units; one kind for all of its payers.

    Where payers pay different prices, `weight` is the payer's part of the price instead.
    """

    payer: Payer
    basis_points: NotRequired[int]
    minor: NotRequired[int]
    weight: NotRequired[int]


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


def splits(agreed: Sequence[AgreedShare], currency: str) -> list[Split]:
    """Who pays by what, as it is shown; payers by weight pay in proportion to something else, and are shown with neither."""
    return [
        Split(
            payer=one["payer"],
            basis_points=one.get("basis_points"),
            amount=Money(one["minor"], currency) if "minor" in one else None,
        )
        for one in agreed
    ]


def share_out(minor: int, agreed: Sequence[AgreedShare], at_most: Sequence[FrozenShare] | None = None) -> list[FrozenShare]:
    """Each payer's share of a price; none of a price that was lowered exceeds what it was, `at_most`.

    Raises DoNotAddUp for agreed amounts that do not make it.
    """
    if fixed(agreed):
        shares = [share["minor"] for share in agreed]
        if sum(shares) != minor:
            raise DoNotAddUp
    else:
        weights = [share.get("weight", share.get("basis_points", 0)) for share in agreed]
        shares = apportion(minor, weights, None if at_most is None else [share["minor"] for share in at_most])
    return [FrozenShare(payer=share["payer"], minor=part) for share, part in zip(agreed, shares, strict=True)]


def at_prices_of(
    exact: Sequence[int], digits: int, agreed: Sequence[AgreedShare], currency: str
) -> tuple[Money, Sequence[AgreedShare]]:
    """The price of a line that costs each payer something else, and its payers by what they pay of it.

    `exact` is what the whole line would cost each of them, in minor units with so many decimals more. It is rounded once, when
    each payer's part of their own price is added up; agreed amounts share one price.
    """
    if fixed(agreed):
        return Money.rounded(Decimal(exact[0]).scaleb(-digits), currency), agreed
    weights = [price * share["basis_points"] for price, share in zip(exact, agreed, strict=True)]
    price = Money.rounded(Decimal(sum(weights)).scaleb(-digits) / WHOLE_LINE, currency)
    return price, [AgreedShare(payer=share["payer"], weight=weight) for share, weight in zip(agreed, weights, strict=True)]


def apportion(minor: int, weights: Sequence[int], at_most: Sequence[int] | None = None) -> list[int]:
    """Cut an amount into shares by weight, by the largest remainder: they add up exactly.

    What rounding down leaves over goes, unit by unit, to whom most of one is due, of equals to the first: payers of one weight
    never differ by more than that unit, and no share of a positive amount is negative. `at_most` are shares of a larger amount by
    the same weights, which none of these exceeds.
    """
    if not (whole_weight := sum(weights)):
        return [minor, *[0] * (len(weights) - 1)]
    shares = [minor * weight // whole_weight for weight in weights]
    for _ in range(minor - sum(shares)):
        open_to_more = [index for index, share in enumerate(shares) if at_most is None or share < at_most[index]]
        due = max(open_to_more, key=lambda index: minor * weights[index] - shares[index] * whole_weight)
        shares[due] += 1
    return shares
