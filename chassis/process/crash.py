"""Named points at which a process can be made to die as if by `kill -9`: for fault tests, and inert otherwise.

`SERVICELANE_CRASH_POINT=relay_after_publish:3` kills the process on its third passage of that point.
"""

import os
import signal

from chassis.wire.errors import SettingsError

POINTS = frozenset(
    {
        "command_before_commit",
        "command_after_commit",
        "relay_after_claim",
        "relay_after_publish",
        "relay_after_confirm",
        "subscriber_before_inbox",
        "subscriber_mid_effect",
        "subscriber_after_commit",
        "gateway_mid_rpc",
        "timer_before_commit",
        "timer_after_commit",
        "errand_before_note",
        "attachment_before_record",
        "attachment_after_record",
    }
)

_passages_left: dict[str, int] = {}
"""The armed point, if any, with the passages it still has to see."""


def arm(crash_point: str | None) -> None:
    """Arm the point a setting names, `point` or `point:N` for its N-th passage from now; None disarms.

    Raises SettingsError for a point that does not exist: a fault test that never crashes proves nothing.
    """
    _passages_left.clear()
    if crash_point is None:
        return
    point, _, passage = crash_point.partition(":")
    if point not in POINTS:
        raise SettingsError(f"SERVICELANE_CRASH_POINT must be one of {', '.join(sorted(POINTS))}, not {point!r}")
    if passage and not (passage.isascii() and passage.isdigit() and int(passage)):
        raise SettingsError(f"SERVICELANE_CRASH_POINT counts passages from 1, not {passage!r}")
    _passages_left[point] = int(passage or 1)


def here(point: str) -> None:
    """Die here and now, if this is the armed point and this the passage it names."""
    if not _passages_left or point not in _passages_left:
        return
    _passages_left[point] -= 1
    if _passages_left[point] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
