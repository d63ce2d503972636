"""How much a loop does at a time: one that rests between its batches finds more in the next, and costs less for each.

A message that comes alone is never kept waiting, and neither is the next. Under load a batch of one costs several times what a
message costs in a batch of ten, so a loop that usually finds several rests, the longer the more they are: its batches grow until
it is at work for a small part of the time. What gathered once, behind something slow, is no reason to rest. There is no rest
when a full batch waits.
"""

REST = 0.5
LONGEST_SECONDS = 0.1
_WEIGHT = 0.25


class Pace:
    """The pace of one loop."""

    def __init__(self) -> None:
        self._usual = 1.0

    def rest_after(self, seconds: float, messages: int) -> float:
        """How long to rest after so many seconds of work on so many messages, in seconds."""
        self._usual += _WEIGHT * (messages - self._usual)
        return min(REST * seconds * (self._usual - 1), LONGEST_SECONDS)
