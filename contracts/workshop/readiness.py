"""What is seen to between inspection and customer: the pre-delivery check (Rule W13); and a delivery that was none."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Part, text, whole
from contracts.shared import Login, OperationCode, Reason

ReversalState = Literal["requested", "confirmed", "refused"]
ReversalRefusal = Literal["gate_pass_used"]


class Recommendation(Part):
    """Work that is not done today: what, and why. With an operation of the catalogue it is proposed in one step next time."""

    description: Annotated[str, text(200)]
    reason: Reason
    operation_code: OperationCode | None = None
    safety: bool = False


class PreDeliveryCheck(Part):
    """The advisor's check before the customer is told (交车前检查): old parts, cleanliness, no tools, spare tyre and tools."""

    checked_by: Login
    checked_at: datetime
    note: Reason | None = None


class Reversal(Part):
    """The reversal of delivery `revision` that was asked for (Rule W15).

    `requested` becomes `confirmed` (the order is ready again) or `refused` within moments: billing, which owns the gate pass,
    says which. `refusal` is why; a refused reversal may be asked for again.
    """

    state: ReversalState
    revision: Annotated[int, whole(1)]
    reason: Reason
    requested_by: Annotated[str, text(64)]
    requested_at: datetime
    answered_at: datetime | None = None
    refusal: ReversalRefusal | None = None
