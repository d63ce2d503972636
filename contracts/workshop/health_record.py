"""The electronic health record (汽车维修电子健康档案, Rule W32): what was done on a car, handed to the authority's platform."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from contracts.shared import Listing, Page, Plate

HealthRecordState = Literal["due", "taken", "refused"]
"""待上传, 已上传, 被退回."""


class RecordEntry(Part):
    """The health record of one closed order. `attempts` counts from the closing, or from when it was sent again."""

    record_id: Id
    work_order_id: Id
    order_number: Annotated[str, text(20)]
    revision: Annotated[int, whole(1)]
    plate: Plate
    record_state: HealthRecordState
    closed_at: datetime
    attempts: int
    reason: Annotated[str | None, text(300)] = None
    answered_at: datetime | None = None


class HealthRecord(Answer, RecordEntry):
    """The health record of one closed order, as it stands."""


class HealthRecords(Answer, Page):
    """A page of health records, the first closed first. `active`: an address is set that they are sent to."""

    active: bool
    items: list[RecordEntry]


class ListHealthRecords(Query, Listing, service="workshop", answer=HealthRecords):
    """Health records.

    Those that are not taken yet: due ones, and refused ones with the reason. Or all that stand in one way.
    """

    record_state: HealthRecordState | None = None


class ResendHealthRecord(Command, service="workshop", answer=HealthRecord):
    """Send a health record again.

    Of one that was refused: what was wrong is settled at the receiver. It is sent as it was, under the same key.
    """

    record_id: Id
