"""The dealer's settings of customer care."""

from datetime import time
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Part, Query, whole

VinCheck = Literal["strict", "warn", "off"]
"""What a wrong check digit means at this dealer's market: refused, registered with a warning, or nothing."""


class CareSettings(Part):
    """What a dealer sets; days are local days after the delivery's, which is day 0."""

    vin_check: VinCheck
    follow_up_day: Annotated[int, whole(0, 30)]
    follow_up_time: time
    follow_up_due_day: Annotated[int, whole(0, 60)]
    follow_up_breach_day: Annotated[int, whole(0, 90)]
    call_back_minutes: Annotated[int, whole(1, 1_440)] = 30
    enquiry_minutes: Annotated[int, whole(1, 1_440)] = 30


class CrmSettings(Answer, CareSettings):
    """The dealer's settings of crm."""

    id: Id
    version: int


class ChangeCrmSettings(Command, CareSettings, service="crm", answer=CrmSettings):
    """Change the dealer's customer care settings.

    All of them are replaced.
    """


class GetCrmSettings(Query, service="crm", answer=CrmSettings):
    """The dealer's customer care settings.

    When follow-ups are planned, due and missed, when callers are answered, and how strictly VINs are checked.
    """
