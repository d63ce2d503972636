"""What travels: messages, their values and envelopes, typed errors, the context of a call.

Promise: a value that was read keeps its rule, and is written as it was read. No I/O, no database, no bus lives here. This is the
face that contracts see.
"""

from chassis.wire.fields import DealerId, Id, called, text, whole
from chassis.wire.messages import Answer, Command, Event, Part, Query
from chassis.wire.values import Hours, Money, Quantity

__all__ = [
    "Answer",
    "Command",
    "DealerId",
    "Event",
    "Hours",
    "Id",
    "Money",
    "Part",
    "Quantity",
    "Query",
    "called",
    "text",
    "whole",
]
