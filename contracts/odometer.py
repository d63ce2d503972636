"""What an odometer may show after what it showed last (Rules W2, B9, C1): one rule for everybody who reads one."""

from typing import Literal

FAR = 30_000
"""Kilometres beyond the last reading that nobody believes without a reason."""

FAR_ON_A_DRIVE = 500
"""The same between two readings of one drive."""

Doubt = Literal["went_back", "far_ahead"]
"""倒退, 远超上次读数."""


def doubt(known: int | None, mileage: int, *, far: int = FAR) -> Doubt | None:
    """Why the reading wants a reason; None if it does not."""
    if known is None or known <= mileage <= known + far:
        return None
    return "went_back" if mileage < known else "far_ahead"
