"""One box to type into: who finds what, in which words, and what is said when a service is away."""

from typing import Any

import eventlet
import pytest

from chassis.wire.errors import Unavailable
from contracts.gateway.search import Search
from contracts.roles import STAFF
from gateway.suite.searching import LISTED_BY, STEP_SECONDS
from tests.doors.examples import SOME_ID
from tests.doors.house import OWN, ROWS, House, Noted, problem, token

ROW = next(row for row in ROWS if row.route.request is Search)
AT = "2026-03-02T04:00:00+00:00"
OTHER_ID = SOME_ID.replace("a", "b")

FOUND: dict[str, list[dict[str, Any]]] = {
    "list_customers": [{"id": SOME_ID, "name": "李娜", "phone": "+86 138 0000 0001"}],
    "find_vehicle": [{"id": OTHER_ID, "plate": "沪A12345", "make": "Volvo", "model": "XC60", "vin": "1M8GDM9AXKP042788"}],
    "search_work_orders": [
        {
            "id": SOME_ID,
            "number": "RO-2026-000001",
            "plate": "沪A12345",
            "customer_name": "李娜",
            "status": "in_progress",
            "opened_at": AT,
        }
    ],
    "search_appointments": [
        {
            "id": SOME_ID,
            "customer": {"name": "李娜"},
            "vehicle": {"plate": "沪A12345"},
            "service_type": "maintenance",
            "status": "confirmed",
            "starts_at": AT,
        }
    ],
    "list_parts": [{"id": SOME_ID, "part_number": "OIL-5W30", "name_zh": "机油", "name_en": "Engine oil"}],
    "search_invoices": [
        {
            "id": SOME_ID,
            "number": "INV-2026-000001",
            "total": {"amount": "120.00", "currency": "CNY"},
            "payer": "warranty",
            "issued_at": AT,
        }
    ],
}

IN_ENGLISH = [
    ("customer", SOME_ID, "李娜", "+86 138 0000 0001", None),
    ("vehicle", OTHER_ID, "沪A12345", "Volvo · XC60 · 1M8GDM9AXKP042788", None),
    ("work_order", SOME_ID, "RO-2026-000001", "沪A12345 · 李娜 · in progress", AT),
    ("appointment", SOME_ID, "沪A12345", "李娜 · maintenance · confirmed", AT),
    ("part", SOME_ID, "OIL-5W30", "Engine oil", None),
    ("invoice", SOME_ID, "INV-2026-000001", "120.00 CNY · warranty", AT),
]


@pytest.fixture
def house(house: House) -> House:
    """The house, with services that find one of everything."""
    house.services.answer = lambda noted: {"items": FOUND[noted.method]}
    return house


def searched(house: House, q: str, *roles: str, language: str = "en", **more: Any) -> dict[str, Any]:
    """What somebody with these roles finds."""
    mine = token(dealers={OWN: list(roles or ["service_manager"])})
    answer = house.ask(ROW, token=mine, change={"q": q, "limit": 5, **more}, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def asked(house: House, method: str) -> list[dict[str, Any]]:
    """With what a service was asked."""
    return [one.payload for one in house.services.calls if one.method == method]


def lines(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Every hit."""
    return [tuple(hit.values()) for group in found["groups"] for hit in group["hits"]]


def test_everything_is_found_by_kind_with_two_lines(house: House) -> None:
    """In the caller's language; kinds in one order."""
    found = searched(house, "李娜")
    assert lines(found) == IN_ENGLISH
    assert [group["kind"] for group in found["groups"]] == list(LISTED_BY)
    assert found["missing"] == []
    in_chinese = {hit[0]: hit[3] for hit in lines(searched(house, "李娜", language="zh"))}
    assert in_chinese["part"] == "机油"
    assert in_chinese["work_order"] == "沪A12345 · 李娜 · 作业中"


@pytest.mark.parametrize("role", STAFF)
def test_a_role_finds_the_kinds_it_may_list(house: House, role: str) -> None:
    """And services are asked for no others, but for whose cars the orders are."""
    may = {
        kind for kind, query in LISTED_BY.items() for row in ROWS if row.route.request is query and row.allows(frozenset({role}))
    }
    assert {hit[0] for hit in lines(searched(house, "李娜", role))} == may
    for kind, method in (("part", "list_parts"), ("invoice", "search_invoices"), ("appointment", "search_appointments")):
        assert bool(asked(house, method)) == (kind in may)


def test_orders_are_looked_for_by_the_customers_and_cars_that_were_found(house: House) -> None:
    """And invoices by the orders: nobody looks through years of them for a piece of a name."""
    searched(house, "李娜", limit=3)
    theirs = {"search": "李娜", "limit": 4, "customer_ids": [SOME_ID], "vehicle_ids": [OTHER_ID]}
    assert asked(house, "search_work_orders") == asked(house, "search_appointments") == [theirs]
    assert asked(house, "search_invoices") == [{"search": "李娜", "limit": 4, "work_order_ids": [SOME_ID]}]


@pytest.mark.parametrize(
    ("typed", "by"),
    [
        ("李娜", [{"name"}, {"plate"}]),
        ("13800", [{"name"}, {"phone"}, {"plate"}, {"vin"}]),
        ("+86 138", [{"name"}, {"phone"}, {"plate"}, {"vin"}]),
        ("12", [{"name"}, {"plate"}]),
        ("KP04", [{"name"}, {"plate"}, {"vin"}]),
        ("Wang Xiaofang of the long name", [{"name"}]),
    ],
)
def test_only_what_can_be_a_phone_a_plate_or_a_vin_is_looked_for_as_one(house: House, typed: str, by: list[set[str]]) -> None:
    """Who types a name is not answered with phones that have none of it."""
    searched(house, typed)
    tried = [*asked(house, "list_customers"), *asked(house, "find_vehicle")]
    given = [{name for name, value in one.items() if value is not None} & {"name", "phone", "plate", "vin"} for one in tried]
    assert sorted(given, key=sorted) == sorted(by, key=sorted)


def test_more_than_was_asked_for_is_said_to_be_there(house: House) -> None:
    """One more is looked for than is answered."""
    orders = [{**FOUND["search_work_orders"][0], "id": f"{SOME_ID[:-1]}{number}"} for number in range(3)]
    house.services.answer = lambda noted: {"items": orders if noted.method == "search_work_orders" else []}
    [group] = searched(house, "RO", limit=2)["groups"]
    assert (len(group["hits"]), group["more"]) == (2, True)
    [group] = searched(house, "RO", limit=3)["groups"]
    assert (len(group["hits"]), group["more"]) == (3, False)


def test_a_thing_found_twice_is_one_hit(house: House) -> None:
    """A car by its plate and its VIN."""
    assert len([hit for hit in lines(searched(house, "2345")) if hit[0] == "vehicle"]) == 1


AWAY = {
    "crm": ["customer", "vehicle", "work_order", "appointment", "invoice"],
    "workshop": ["work_order", "invoice"],
    "booking": ["appointment"],
    "parts": ["part"],
    "billing": ["invoice"],
}


@pytest.mark.parametrize("service", AWAY)
def test_a_service_that_is_away_is_known_and_fails_nothing_else(house: House, service: str) -> None:
    """What depends on it is named, too: of the orders only those were found that need no customer."""

    def answer(noted: Noted) -> Any:
        if noted.service == service:
            raise Unavailable("service_unavailable", service=service)
        return {"items": FOUND[noted.method]}

    house.services.answer = answer
    found = searched(house, "李娜")
    assert found["missing"] == AWAY[service]
    gone = {hit[0] for hit in IN_ENGLISH} - {hit[0] for hit in lines(found)}
    assert gone == {kind for kind, query in LISTED_BY.items() if query.service == service}


def test_services_are_asked_at_once_and_within_one_deadline(house: House) -> None:
    """The slowest of a step decides, not their sum; a step has a second, and a request that has less left has that."""
    running, most = 0, 0

    def answer(noted: Noted) -> Any:
        nonlocal running, most
        running, most = running + 1, max(most, running + 1)
        eventlet.sleep(0.05)
        running -= 1
        return {"items": FOUND[noted.method]}

    house.services.answer = answer
    searched(house, "13800")
    assert most == 5, "customers by name and phone, cars by plate and VIN, parts"
    assert all(0 < one.timeout <= STEP_SECONDS for one in house.services.calls)


@pytest.mark.parametrize("nothing", ["-", "···", "  ", "'", "x" * 61, ""])
def test_nothing_to_look_for_is_refused_by_field(house: House, nothing: str) -> None:
    """Blanks, signs, and what is longer than anything is called."""
    refused = house.ask(ROW, token=token(dealers={OWN: ["cashier"]}), change={"q": nothing, "limit": 5})
    assert set(problem(refused, 422, "invalid")["errors"]) == {"q"}
    assert house.services.calls == []
