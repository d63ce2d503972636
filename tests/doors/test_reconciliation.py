"""Reconciliation at the gateway: what it makes of the services' books, page by page, as the dealer whose books they are."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chassis.wire.call import Call
from chassis.wire.codec import schema_of
from chassis.wire.errors import Unavailable
from chassis.wire.ids import new_id
from contracts.gateway.dealer import RegisterDealer
from contracts.gateway.suite import ReconcileDealer, ReconcileGroup
from contracts.roles import ADMINISTRATOR, SERVICE_MANAGER
from tests.doors.house import OTHER, OWN, ROWS, House, Noted, problem, token

AT_DEALER = next(row for row in ROWS if row.route.request is ReconcileDealer)
OF_GROUP = next(row for row in ROWS if row.route.request is ReconcileGroup)
ELSEWHERE = "xa-yanta"
HOUR_AGO = timedelta(hours=1)


@dataclass
class Books:
    """The books of all services, by dealer; every delivery in them has its effects until something is taken out."""

    deliveries: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    effects: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    calls: list[Noted] = field(default_factory=list)

    def deliver(self, dealer: str, times: int = 1, *, ago: timedelta = HOUR_AGO) -> list[str]:
        """Deliveries with all effects; their orders."""
        return [self._deliver(dealer, ago) for _ in range(times)]

    def _deliver(self, dealer: str, ago: timedelta) -> str:
        key = {"work_order_id": new_id(), "revision": 1}
        told = (datetime.now(UTC) - ago).isoformat()
        self.deliveries.setdefault(dealer, []).append(
            {**key, "payers": ["customer_pay"], "reversed": False, "announced_at": told}
        )
        billed = {"id": new_id(), "kind": "invoice", "payer": "customer_pay", "total": {"amount": "1.00", "currency": "CNY"}}
        for method, facts in (
            ("find_delivery_invoices", billed),
            ("find_delivery_deductions", {"undone": False}),
            ("find_delivery_follow_ups", {"cancelled": False}),
        ):
            self.effects.setdefault(method, []).append({**key, **facts})
        return key["work_order_id"]

    def lose(self, method: str, order: str) -> None:
        """An effect is gone."""
        self.effects[method] = [one for one in self.effects[method] if one["work_order_id"] != order]

    def answer(self, noted: Noted) -> Any:
        """What a service answers from its books."""
        self.calls.append(noted)
        if noted.method == "list_deliveries":
            assert noted.call.dealer is not None
            known, start = self.deliveries.get(noted.call.dealer, []), int(noted.payload["cursor"] or 0)
            end = start + noted.payload["limit"]
            return {"items": known[start:end], "next_cursor": str(end) if end < len(known) else None}
        orders = noted.payload["work_order_ids"]
        return {"items": [one for one in self.effects.get(noted.method, []) if one["work_order_id"] in orders]}

    def asked(self, method: str) -> list[Noted]:
        """The calls of one method."""
        return [one for one in self.calls if one.method == method]


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with a registry of three dealers."""
    house = House(str(tmp_path_factory.mktemp("group")), RATE_PER_DEALER="100000/second", RATE_PER_PRINCIPAL="100000/second")
    for dealer in (OWN, OTHER, ELSEWHERE):
        facts = {
            "dealer": dealer,
            "name": dealer,
            "time_zone": "Asia/Shanghai",
            "currency": "CNY",
            "locale": "zh",
            "tax_mode": "inclusive",
        }
        house.executor.execute(RegisterDealer, house.service.use_case(RegisterDealer), facts, Call(principal="admin"), new_id())
    return house


@pytest.fixture
def books(group: House) -> Books:
    """Empty books."""
    fresh = Books()
    group.services.answer = fresh.answer
    return fresh


def ask(group: House, row=AT_DEALER, *, at: str = OWN, **query: Any):
    """The answer of a manager's or an administrator's request."""
    mine = token(group=[ADMINISTRATOR]) if row is OF_GROUP else token(dealers={at: [SERVICE_MANAGER]})
    nothing = dict.fromkeys(schema_of(row.route.request).fields)
    return group.ask(row, dealer=at, token=mine, change={**nothing, **query})


def pages(group: House, row=AT_DEALER, **query: Any) -> list[dict[str, Any]]:
    """All pages from the first to the last."""
    found = [ask(group, row, **query).get_json()]
    while found[-1]["next_cursor"] is not None:
        assert len(found) < 10, "the pages do not end"
        found.append(ask(group, row, **query, cursor=found[-1]["next_cursor"]).get_json())
    return found


def test_books_in_order_are_consistent(group: House, books: Books) -> None:
    """With how much was looked at."""
    books.deliver(OWN, 3)
    answer = ask(group).get_json()
    assert (answer["consistent"], answer["findings"], answer["under_way"], answer["next_cursor"]) == (True, [], [], None)
    assert answer["dealers"] == [OWN]
    assert answer["counts"] == {
        "deliveries": 3,
        "reversed": 0,
        "invoices": 3,
        "credit_notes": 0,
        "deductions": 3,
        "follow_ups": 3,
    }


def test_what_is_missing_is_named_with_its_delivery(group: House, books: Books) -> None:
    """Dealer, order, revision, kind of effect; the neighbour is not accused."""
    order, _ = books.deliver(OWN, 2)
    books.lose("find_delivery_follow_ups", order)
    answer = ask(group).get_json()
    [found] = answer["findings"]
    assert not answer["consistent"]
    assert (found["dealer"], found["work_order_id"], found["revision"], found["effect"], found["fault"]) == (
        OWN,
        order,
        1,
        "follow_up",
        "missing",
    )


def test_what_is_double_is_found_too(group: House, books: Books) -> None:
    """Also of a delivery just made: what is there twice is not on its way."""
    [order] = books.deliver(OWN, ago=timedelta())
    books.effects["find_delivery_deductions"] *= 2
    [found] = ask(group).get_json()["findings"]
    assert (found["work_order_id"], found["effect"], found["fault"]) == (order, "deduction", "double")


@pytest.mark.parametrize(("seconds", "told_as"), [(0, "under_way"), (30, "under_way"), (90, "findings")])
def test_an_effect_may_be_under_way_for_a_minute(group: House, books: Books, seconds: int, told_as: str) -> None:
    """Then it is missing."""
    [order] = books.deliver(OWN, ago=timedelta(seconds=seconds))
    books.lose("find_delivery_invoices", order)
    answer = ask(group).get_json()
    told = {name: [one["work_order_id"] for one in answer[name]] for name in ("findings", "under_way")}
    assert told == {"findings": [], "under_way": [], told_as: [order]}
    assert answer["consistent"] is (told_as == "under_way")


def test_a_page_looks_at_so_many_deliveries_and_no_more(group: House, books: Books) -> None:
    """And the pages together look at each once; the others are asked for these orders only."""
    orders = books.deliver(OWN, 5)
    found = pages(group, limit=2)
    assert [one["counts"]["deliveries"] for one in found] == [2, 2, 1]
    looked_at = [call.payload["work_order_ids"] for call in books.asked("find_delivery_invoices")]
    assert looked_at == [sorted(orders[:2]), sorted(orders[2:4]), orders[4:]]


def test_the_group_is_walked_dealer_by_dealer_as_each_of_them(group: House, books: Books) -> None:
    """In one call while they are quiet; a dealer without deliveries costs one question."""
    books.deliver(OWN, 2)
    [lost] = books.deliver(ELSEWHERE)
    books.lose("find_delivery_deductions", lost)
    [answer] = pages(group, OF_GROUP)
    assert answer["dealers"] == sorted([OWN, OTHER, ELSEWHERE])
    assert [(one["dealer"], one["work_order_id"]) for one in answer["findings"]] == [(ELSEWHERE, lost)]
    assert [call.call.dealer for call in books.asked("list_deliveries")] == sorted([OWN, OTHER, ELSEWHERE])
    assert {call.call.dealer for call in books.asked("find_delivery_invoices")} == {OWN, ELSEWHERE}
    assert {call.call.actor for call in books.calls} == {"wang"}


def test_the_groups_pages_go_on_where_the_last_one_ended(group: House, books: Books) -> None:
    """Within a dealer and from one to the next, never beyond the limit."""
    for dealer, times in ((OWN, 3), (OTHER, 2), (ELSEWHERE, 2)):
        books.deliver(dealer, times)
    found = pages(group, OF_GROUP, limit=2)
    assert [(one["dealers"], one["counts"]["deliveries"]) for one in found] == [
        ([OTHER], 2),
        ([OWN], 2),
        ([OWN, ELSEWHERE], 2),
        ([ELSEWHERE], 1),
    ]


def test_the_group_is_not_walked_for_longer_than_leaves_time_to_answer(
    group: House, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With slow services the page ends early, and the next one goes on."""
    late = [0.0]

    def slowly(noted: Noted) -> Any:
        late[0] += 4.0
        return books.answer(noted)

    group.services.answer = slowly
    monkeypatch.setattr("chassis.wire.call.time", SimpleNamespace(time=lambda: time.time() + late[0]))
    first = ask(group, OF_GROUP).get_json()
    assert first["dealers"] == [OTHER, OWN]
    late[0] = 0.0
    assert ask(group, OF_GROUP, cursor=first["next_cursor"]).get_json()["dealers"] == [ELSEWHERE]


def test_an_administrator_may_name_one_dealer(group: House, books: Books) -> None:
    """One that is not registered is not found."""
    for dealer in (OWN, OTHER):
        books.deliver(dealer)
    assert [one["dealers"] for one in pages(group, OF_GROUP, dealer=OTHER)] == [[OTHER]]
    problem(ask(group, OF_GROUP, dealer="nowhere"), 404, "not_found")


def test_the_time_is_workshops_to_compare(group: House, books: Books) -> None:
    """It is passed on as it was asked."""
    ask(group, since="2026-03-02T04:00:00+00:00")
    assert books.calls[0].payload["since"] == "2026-03-02T04:00:00+00:00"


def test_a_cursor_is_good_for_its_own_filter_only(group: House, books: Books) -> None:
    """Not for another time, dealer or route."""
    books.deliver(OWN, 2)
    of_own = ask(group, limit=1).get_json()["next_cursor"]
    of_group = ask(group, OF_GROUP, limit=1).get_json()["next_cursor"]
    assert of_own is not None
    assert of_group is not None
    for response in (
        ask(group, cursor=of_own, since="2026-03-02T04:00:00+00:00"),
        ask(group, at=OTHER, cursor=of_own),
        ask(group, cursor=of_group),
        ask(group, OF_GROUP, cursor=of_own),
        ask(group, OF_GROUP, cursor=of_group, dealer=OWN),
        ask(group, cursor="W10="),
        ask(group, cursor="garbled"),
    ):
        assert set(problem(response, 422, "invalid")["errors"]) == {"cursor"}


@pytest.mark.parametrize(
    "silent", ["list_deliveries", "find_delivery_invoices", "find_delivery_deductions", "find_delivery_follow_ups"]
)
def test_without_one_of_the_books_nothing_is_proved(group: House, books: Books, silent: str) -> None:
    """503, not a finding: a service that does not answer has lost nothing."""
    books.deliver(OWN)

    def answer(noted: Noted) -> Any:
        if noted.method == silent:
            raise Unavailable("service_unavailable", service=noted.service)
        return books.answer(noted)

    group.services.answer = answer
    problem(ask(group), 503, "service_unavailable")
