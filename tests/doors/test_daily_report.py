"""Rule W22: the daily report at the gateway: the parts of workshop and billing, and who did not tell theirs."""

from typing import Any

import pytest

from chassis.wire.errors import Unavailable
from contracts.gateway.suite import GetDailyReport
from contracts.roles import SERVICE_MANAGER
from gateway.http.table import Table
from tests.doors.house import OWN, ROWS, House, Noted, plain_answer, token

ROW = next(row for row in ROWS if row.route.request is GetDailyReport)


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(str(tmp_path_factory.mktemp("daily")), Table([ROW]))


@pytest.mark.parametrize(("away", "part"), [("", ""), ("workshop", "shop"), ("billing", "revenue")])
def test_both_are_asked_for_the_day_and_who_is_away_is_named(house: House, away: str, part: str) -> None:
    """The part that came is shown."""

    def answer(noted: Noted) -> Any:
        if noted.service == away:
            raise Unavailable("service_unavailable", service=away)
        return plain_answer(noted)

    house.services.answer = answer
    report = house.ask(ROW, token=token(dealers={OWN: [SERVICE_MANAGER]})).get_json()
    assert report["missing"] == ([away] if away else [])
    assert [name for name in ("shop", "revenue") if report[name] is None] == ([part] if part else [])
    assert {(one.service, one.method) for one in house.services.calls} == {
        ("workshop", "get_shop_day"),
        ("billing", "get_revenue_day"),
    }
    assert len({one.payload.get("day") for one in house.services.calls}) == 1
