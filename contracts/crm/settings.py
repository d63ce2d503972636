"""The dealer's settings of customer care."""

from datetime import time
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Query, whole

VinCheck = Literal["strict", "warn", "off"]
"""What a wrong check digit means at this dealer's market: refused, registered with a warning, or nothing."""


class CrmSettings(Answer):
    """The dealer's settings of crm."""

    id: Id
    version: int
    vin_check: VinCheck
    follow_up_day: int
    follow_up_time: time
    follow_up_due_day: int
    follow_up_breach_day: int


class ChangeCrmSettings(Command, service="crm", answer=CrmSettings):
    """Change the dealer's customer care settings.

    All of them are replaced; days are local days after the delivery's, which is day 0.
    """

    vin_check: VinCheck
    follow_up_day: Annotated[int, whole(0, 30)]
    follow_up_time: time
    follow_up_due_day: Annotated[int, whole(0, 60)]
    follow_up_breach_day: Annotated[int, whole(0, 90)]


class GetCrmSettings(Query, service="crm", answer=CrmSettings):
    """The dealer's customer care settings."""
