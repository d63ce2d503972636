"""Narrowed lists: the filter is seen, the next page keeps it, and where nothing is left the page says so and leads to more."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from console.gateway import Answer, Call, Caller, Gateway
from servicelane.dealership import Dealership
from tests.deployment import Embedded
from tests.journeys.console.conftest import Asked
from tests.journeys.console.house import full_house
from tests.pages import Browser, Page

DEALER = "sh-lists"
HERE = f"/d/{DEALER}"

Desk = Callable[..., Browser]

NARROWED = (
    ("/appointments", "show=requested"),
    ("/appointments/tasks", "show=resolved"),
    ("/attendance/clock-offs", ""),
    ("/cashier", "show=payment"),
    ("/cashier", "number=RO-2026-999999"),
    ("/certificates", "state=expired"),
    ("/due-reports", "whose=all"),
    ("/due-reports", ""),
    ("/equipment", "show=due"),
    ("/equipment", "show=out"),
    ("/equipment", "show=retired"),
    ("/follow-ups", "show=past"),
    ("/in-shop", "status=on_hold"),
    ("/in-shop", f"technician={DEALER}.technician"),
    ("/in-shop", "promised=late"),
    ("/in-shop", "at_risk=yes"),
    ("/in-shop", f"status=dispatched&technician={DEALER}.technician&promised=today&at_risk=yes"),
    ("/promise-figures/missed", "cause=parts"),
    ("/order-files", "number=RO-2026-999999"),
    ("/orders", "show=ready"),
    ("/orders", "show=closed&whose=all"),
    ("/parts/short", "part=DISC-F-77"),
    ("/parts/special-orders", "show=settled"),
    ("/receipts", "supplier=Bosch&reference=LS-1"),
    ("/rescues", "show=over"),
    ("/stock", "find=zzz"),
)
"""Every list that can be narrowed, with each of its filters."""

WIDEST = {("/due-reports", "whose=all"), ("/attendance/clock-offs", "")}
"""What shows everything already."""


@pytest.fixture(scope="module")
def cars(dealership: Dealership, embedded: Embedded) -> dict[str, dict[str, Any]]:
    """Something stands on every list."""
    return full_house(dealership, embedded)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Call, Any], Any]], None]:
    """Have the gateway's lists be something else."""
    ask = Gateway.ask

    def have(told: Callable[[Call, Any], Any]) -> None:
        def changed(gateway: Gateway, call: Call, caller: Caller) -> Answer:
            known = not call.path.endswith(("/staff", "/dealer-names", "/me"))
            listed = known and call.method == "GET" and ("limit" in call.query or call.path.endswith("/due-reports"))
            answer = ask(gateway, told(call, None) if listed else call, caller)
            if listed and isinstance(answer.body, dict) and "items" in answer.body:
                return Answer(answer.status, told(call, answer.body))
            return answer

        monkeypatch.setattr(Gateway, "ask", changed)

    return have


def seen(page: Page, filters: dict[str, list[str]]) -> list[str]:
    """The filters of which nothing is seen: no chip, choice, tick or typing that stands for it."""
    unseen = []
    for name, [value] in filters.items():
        ways = (
            rf'href="[^"]*\b{name}={value}[^"]*"[^>]*aria-current="true"',
            rf'value="{value}" selected',
            rf'name="{name}"[^>]*value="{value}"',
            rf"<p>[^<]*{re.escape(value)}",
        )
        if not any(re.search(way, page.source) for way in ways):
            unseen.append(name)
    return unseen


@pytest.mark.parametrize(("path", "query"), NARROWED)
def test_where_nothing_is_left_the_page_says_so_and_leads_to_more(
    at_desk: Desk,
    cars: dict[str, dict[str, Any]],
    answering: Callable[..., None],
    path: str,
    query: str,
) -> None:
    """And which filter is on is seen."""

    def nothing(call: Call, body: Any) -> Any:
        return call if body is None else {**body, "items": [], "next_cursor": None}

    answering(nothing)
    page = at_desk("manager", language="zh").get(f"{HERE}{path}?{query}")
    assert page.status == 200
    main = page.source.partition("<main")[2]
    empty = "".join(re.findall(r'<div class="empty">(.*?)</div>', main, re.DOTALL))
    assert empty
    assert seen(page, parse_qs(query)) == []
    if (path, query) not in WIDEST:
        assert f'href="{HERE}{path}' in empty


PAGED = [one for one in NARROWED if one[1] and not one[1].startswith(("number", "show=out"))]


@pytest.mark.parametrize(("path", "query"), PAGED)
def test_the_next_page_is_narrowed_alike(
    at_desk: Desk, cars: dict[str, dict[str, Any]], answering: Callable[..., None], path: str, query: str
) -> None:
    """Every filter of the page stands in the address of the next one."""
    kept = ("limit", "sort", "from_day", "to_day")
    some = False

    def all_of_it(call: Call, body: Any) -> Any:
        nonlocal some
        if body is None:
            query = {name: value for name, value in call.query.items() if name in kept}
            return Call(call.method, call.path, query=query)
        some |= bool(body["items"])
        return {**body, "next_cursor": "more"}

    answering(all_of_it)
    page = at_desk("manager").get(f"{HERE}{path}?{query}")
    assert page.status == 200
    further = [parse_qs(link.partition("?")[2]) for link in page.links if "cursor=more" in link]
    if some and path not in UNPAGED:
        assert [one for one in further if parse_qs(query).items() <= one.items()], page.links
    assert some or path in BARE, path


UNPAGED = {"/due-reports"}
"""All of it stands on one page."""
BARE = {"/promise-figures/missed", "/rescues", "/appointments/tasks", "/due-reports"}
"""Nothing of this happens in a test's moment."""


def test_my_cars_ask_once_for_what_the_list_has(at_desk: Desk, cars: dict[str, dict[str, Any]], asked: Asked) -> None:
    """Three reads instead of seven; narrowed, the same cars are to be seen to."""
    browser, noted = at_desk("advisor"), []
    for query, reads in (("", 1), ("?show=ready", 5)):
        asked.calls.clear()
        page = browser.get(f"{HERE}/orders{query}")
        assert sum(one.path.endswith("/work-orders") for one in asked.calls) == reads
        noted.append([one for one in page.ids if one.startswith(("risk-", "overtaken-", "came-", "answer-"))])
    assert noted[0] == noted[1]
