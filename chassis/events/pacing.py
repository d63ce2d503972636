"""How much a loop does at a time: one that rests between its batches finds more in the next, and costs less for each.

A message that comes alone is never kept waiting, and neither is the next. Under load a batch of one costs several times what a
message costs in a batch of ten, so a busy loop rests up to twice as long as it worked: it is at work a third of the time, and its
batches grow until that is enough. The rest is short beside what a person notices, and there is none when a full batch waits.
"""

REST = 2.0
LONGEST_SECONDS = 0.05


def rest_after(seconds: float, messages: int) -> float:
    """How long to rest after so many seconds of work on so many messages, in seconds: the larger the batch, the longer."""
    return min(REST * seconds * (1 - 1 / messages), LONGEST_SECONDS)
