"""What a signature is made of: drawn strokes, and the hash of what is signed.

A drawn signature travels as its strokes, not as an image: `10,20 14,25 20,31;40,18 44,30` are two strokes in a box of 600 by 200,
whose points are whole numbers from its upper left corner. That is what an SVG `polyline` takes, whatever the size it is shown at.
"""

import math
import re
from itertools import pairwise
from typing import Annotated, Any

from marshmallow import ValidationError, fields, validate

from chassis.wire.rules import rule

WIDTH, HEIGHT = 600, 200
"""The box in which a signature is drawn."""

MOST_STROKES, MOST_TEXT = 200, 8_000
LEAST_INK = 60
"""A tenth of the box's width in all: a dot or a tap is nobody's signature."""

_STROKES = re.compile(r"[0-9]{1,3},[0-9]{1,3}(?:[ ;][0-9]{1,3},[0-9]{1,3})*")


def polylines(strokes: str) -> list[list[tuple[int, int]]]:
    """The strokes of a drawn signature, each with its points."""
    return [
        [(int(x), int(y)) for x, _, y in (point.partition(",") for point in stroke.split(" "))] for stroke in strokes.split(";")
    ]


class StrokesField(fields.String):
    """The strokes of a drawn signature, as text: within bounds, within the box, and not empty."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=validate.Length(min=1, max=MOST_TEXT), **more)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        written: str = super()._deserialize(value, *args, **kwargs)
        if not written or len(written) > MOST_TEXT:
            return written  # its length is the validator's to refuse
        if not _STROKES.fullmatch(written):
            raise ValidationError("not_strokes")
        strokes = polylines(written)
        if len(strokes) > MOST_STROKES:
            raise ValidationError(rule("too_many_strokes", most=MOST_STROKES))
        if any(x > WIDTH or y > HEIGHT for stroke in strokes for x, y in stroke):
            raise ValidationError(rule("outside_the_box", width=WIDTH, height=HEIGHT))
        if sum(math.dist(one, other) for stroke in strokes for one, other in pairwise(stroke)) < LEAST_INK:
            raise ValidationError("nothing_drawn")
        return written


Strokes = Annotated[str, StrokesField()]

DocumentHash = Annotated[str, fields.String(validate=validate.Regexp(r"^[0-9a-f]{64}\Z", error="not_a_document_hash"))]
"""SHA-256 of a document's canonical form, in small hexadecimal digits."""
