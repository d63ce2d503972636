"""The daily report 维修日报 (Rule W22): workshop and billing are asked at once for their part of a day."""

from typing import Any

import eventlet

from chassis.wire.call import Call
from chassis.wire.errors import Invalid
from chassis.wire.messages import Query
from contracts.billing.daily_report import GetRevenueDay, RevenueDay
from contracts.gateway.suite import DailyReport, GetDailyReport
from contracts.workshop.daily_report import GetShopDay, ShopDay
from gateway.suite.caller import Caller, patience_with, told

INCOMPLETE = "daily_report_incomplete"


class DailyReporter:
    """Answers `GetDailyReport`; who does not answer in time is named, and the rest is shown."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def of_dealer(self, payload: dict[str, Any], call: Call) -> dict[str, Any]:
        """The report as plain data. Raises Invalid for a day to come."""
        asked = GetDailyReport.load(payload)
        shop = eventlet.spawn(self._part, GetShopDay(day=asked.day), call)
        revenue = self._part(GetRevenueDay(day=asked.day), call)
        parts = {"workshop": shop.wait(), "billing": revenue}
        for part in parts.values():
            if isinstance(part, Invalid):
                raise part
        return DailyReport(
            shop=None if parts["workshop"] is None else ShopDay.load(parts["workshop"]),
            revenue=None if revenue is None else RevenueDay.load(revenue),
            missing=[service for service, part in parts.items() if part is None],
        ).dump()

    def _part(self, asked: Query, call: Call) -> Any:
        try:
            return told(self._caller, asked.service, asked, call, patience_with(call), incomplete=INCOMPLETE, passes=(Invalid,))
        except Invalid as wrong:
            return wrong  # to be raised by whoever waits for both
