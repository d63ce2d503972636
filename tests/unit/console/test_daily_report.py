"""The daily report of a busy day: small enough for the line, and nothing of it out of reach (Rule W22)."""

import gzip
import re
from dataclasses import fields
from typing import Any

import pytest

from contracts.billing.daily_report import RevenueDay
from contracts.workshop.daily_report import ShopDay
from contracts.workshop.finding import WorkOrderSummary
from tests.unit.console.floor import DEALER, NAMES, NOW, board, foremans_console

REPORT = f"/d/{DEALER}/daily-report"
LARGEST = 8_000
MONEY = {"amount": "182345.60", "currency": "CNY"}
PAYERS = ("customer_pay", "warranty", "three_guarantees", "internal", "insurer", "goodwill")


def summaries(cars: int) -> list[dict[str, Any]]:
    """Orders of the floor, as lists show them."""
    shown = {one.name for one in fields(WorkOrderSummary)}
    return [{name: value for name, value in one.items() if name in shown} for one in board(cars)["orders"]]


def report(cars: int) -> dict[str, Any]:
    """A day on which so many came and were handed over, with as many more that are on hold, late and came back."""
    orders = summaries(cars)
    arrived = [{"plate": f"沪B·{at:05}", "customer_name": NAMES[at % 12], "arrived_at": NOW.isoformat()} for at in range(cars)]
    kinds = ("delivered", "comebacks", "on_hold", "late")
    lists = {name: {"count": cars, "items": orders[at * 40 :] + orders[: at * 40]} for at, name in enumerate(kinds)}
    arrivals = {"count": 2 * cars, "items": orders, "without_order": arrived}
    shop = {"day": "2026-03-02", "as_of": NOW.isoformat(), "arrivals": arrivals, **lists}
    payers = [{"payer": one, "invoices": 120, "credit_notes": 3, "net": MONEY, "tax": MONEY, "total": MONEY} for one in PAYERS]
    revenue = {"day": "2026-03-02", "payers": payers, "net": MONEY, "tax": MONEY, "total": MONEY}
    return {"shop": ShopDay.load(shop).dump(), "revenue": RevenueDay.load(revenue).dump(), "missing": []}


def sheet(cars: int, language: str = "zh", more: str = "") -> tuple[int, str]:
    """How large a page of it is as it is sent, and what it says."""
    with foremans_console(0, daily_report=report(cars)) as app, app.test_client() as browser:
        browser.set_cookie("lane", "h")
        browser.set_cookie("lane-language", language)
        answer = browser.get(f"{REPORT}{more}", headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        sent = answer.get_data()
    return len(sent), gzip.decompress(sent).decode()


def numbers(text: str, part: str = "") -> list[str]:
    """The orders that a page, or a list of it, shows."""
    return re.findall(r"RO-2026-\d{6}", text.partition(f'<section id="{part}"')[2].partition("</section>")[0] if part else text)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("cars", [12, 200])
def test_a_report_stays_small(cars: int, language: str) -> None:
    """Whatever happened on the day; so does each page of its lists."""
    assert sheet(cars, language)[0] <= LARGEST
    assert sheet(cars, language, "?list=late")[0] <= LARGEST


def test_a_day_that_fits_is_whole_on_its_sheet() -> None:
    """Nothing leads elsewhere."""
    _, text = sheet(11, "en")
    assert [len(numbers(text, part)) for part in ("arrivals", "comebacks", "delivered", "on_hold", "late")] == [11] * 5
    assert "Show all" not in text


def test_a_long_list_goes_on_by_itself_to_its_end() -> None:
    """All of the 200, each once, in their order; from the sheet, and back to it."""
    _, text = sheet(200, "en")
    every = [one["number"] for one in summaries(200)]
    first = numbers(text, "delivered")
    assert first == every[: len(first)]
    assert "Show all 200" in text
    found, address = [], "?list=delivered"
    while address:
        _, text = sheet(200, "en", address)
        found += numbers(text)
        [address] = re.findall(r'href="/d/[^"?]+(\?[^"]*cursor=[^"]+)"', text.replace("&amp;", "&")) or [""]
    assert found == every
    assert f'href="{REPORT}?day=' in text


@pytest.mark.parametrize("asked", ["?list=nothing", "?list=late&cursor=x", "?list=late&cursor=-1", "?list=late&cursor=99999999"])
def test_what_is_no_list_or_place_of_one_is_no_error(asked: str) -> None:
    """It shows the sheet, or the list from its beginning."""
    assert numbers(sheet(12, "en", asked)[1])
