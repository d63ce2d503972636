"""Parts that are counted, and not measured: there is no half of one, wherever somebody says how many."""

from chassis.wire.errors import Invalid
from chassis.wire.keys import small
from chassis.wire.values import Quantity

PIECES = frozenset(
    {"pc", "pcs", "piece", "pieces", "ea", "each", "set", "sets", "pair", "pairs"}
    | {"个", "件", "只", "套", "副", "台", "条", "根", "片", "块", "对"}
)
"""Units in which parts are counted."""


def require_whole(field: str, unit: str, quantity: Quantity) -> None:
    """Raises Invalid for a part of a piece."""
    if small(unit) in PIECES and quantity.units % Quantity.of(1).units:
        raise Invalid.field(field, "whole_pieces", unit=unit)
