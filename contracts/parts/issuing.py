"""Parts handed to technicians and taken back, on signed slips."""

from typing import Literal

from chassis.wire import Answer, Command, Id, Part, Query
from contracts.shared import Amount, LineRef, Listing, Login, Page, PartRequest, one_to
from contracts.signing import Signature, Signing

SlipKind = Literal["issue", "return"]
"""出库单, 退库单."""


class Slip(Answer):
    """A signed issue slip (出库单) or return slip (退库单); it is never changed."""

    id: Id
    version: int
    kind: SlipKind
    work_order_id: Id
    technician: str
    lines: list[PartRequest]
    signature: Signature
    handed_by: str


class HandedLine(Part):
    """So much for one line of the order; the part is the one reserved for that line."""

    line_id: LineRef
    quantity: Amount


class Handing(Part):
    """Parts that change hands, signed by the technician."""

    work_order_id: Id
    technician: Login
    signature: Signing
    lines: list[HandedLine] = one_to(200)


class IssueParts(Command, Handing, service="parts", answer=Slip):
    """Issue parts to a technician.

    Hand parts to a technician against an order, signed; only what is approved (Rule P3).
    """


class ReturnParts(Command, Handing, service="parts", answer=Slip):
    """Take unused parts back.

    They go back into the bin; not more than was issued for the line.
    """


class GetSlip(Query, service="parts", answer=Slip):
    """An issue or return slip.

    As it was signed.
    """

    slip_id: Id


class Slips(Answer, Page):
    """A page of slips, the newest first."""

    items: list[Slip]


class ListSlips(Query, Listing, service="parts", answer=Slips):
    """List an order's slips.

    What was handed out for it and what came back, each as it was signed; the newest first.
    """

    work_order_id: Id
