"""Rule G5: the service manager's attention list at the gateway, what it makes of what the services tell, and of who is silent."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from chassis.wire.errors import Unavailable
from chassis.wire.ids import new_id
from contracts.attention import ConcernKind
from contracts.gateway.suite import GetAttention
from contracts.roles import SERVICE_MANAGER
from gateway.http.table import Table
from gateway.suite import attention
from tests.doors.house import OTHER, OWN, ROWS, House, Noted, token

ROW = next(row for row in ROWS if row.route.request is GetAttention)
ORDER, APPOINTMENT, CALL = new_id(), new_id(), new_id()
NOW = datetime.now(UTC)


class Told:
    """What the services tell; nothing, but for what is said otherwise."""

    def __init__(self) -> None:
        self.matters: dict[str, list[dict[str, Any]]] = {}
        self.messages: dict[str, dict[str, Any]] = {}
        self.deliveries: list[dict[str, Any]] = []
        self.away: set[str] = set()
        self.calls: list[Noted] = []

    def tells(self, service: str, kind: str, *items: dict[str, Any], count: int | None = None) -> None:
        """A service has this to tell."""
        self.matters.setdefault(service, []).append({"kind": kind, "count": count or len(items), "items": list(items)})

    def answer(self, noted: Noted) -> Any:
        """The answer of a service that is there."""
        self.calls.append(noted)
        if noted.service in self.away:
            raise Unavailable("service_unavailable", service=noted.service)
        if noted.method == "messages_standing_still":
            return self.messages.get(noted.service, {"dead": 0, "held": 0, "items": []})
        if noted.method == "list_deliveries":
            return {"items": self.deliveries, "next_cursor": None}
        if noted.method.endswith("_concerns"):
            return {"groups": self.matters.get(noted.service, [])}
        return {"items": []}


@pytest.fixture
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told()


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory, told: Told) -> House:
    """A gateway that has asked nobody yet."""
    fresh = House(str(tmp_path_factory.mktemp("attention")), Table([ROW]))
    fresh.services.answer = told.answer
    return fresh


def concern(severity: str = "warning", *, hours: float = 1, **facts: Any) -> dict[str, Any]:
    """One matter as a service tells it."""
    return {"severity": severity, "since": (NOW - timedelta(hours=hours)).isoformat(), **facts}


def ask(house: House, *, dealer: str = OWN, locale: str = "en") -> Any:
    """The list of a dealer's manager."""
    response = house.ask(ROW, dealer=dealer, token=token(dealers={dealer: [SERVICE_MANAGER]}, locale=locale))
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_json()


def test_what_is_severe_comes_first_and_then_what_has_lasted_longest(house: House, told: Told) -> None:
    """Whichever service it is of; each with what it is, since when, what it is about and what to open."""
    told.tells("workshop", "late_order", concern("severe", work_order_id=ORDER, order_number="RO-1", plate="沪A12345"))
    told.tells("workshop", "long_hold", concern(hours=30, work_order_id=ORDER))
    told.tells("booking", "order_not_opened", concern(hours=9, appointment_id=APPOINTMENT), count=7)
    told.tells("crm", "late_follow_up", concern("severe", hours=50, follow_up_id=CALL, work_order_id=ORDER))
    answer = ask(house)
    assert [(one["kind"], one["service"], one["path"]) for one in answer["entries"]] == [
        ("late_follow_up", "crm", f"/v1/dealers/{OWN}/follow-ups/{CALL}"),
        ("late_order", "workshop", f"/v1/dealers/{OWN}/work-orders/{ORDER}"),
        ("long_hold", "workshop", f"/v1/dealers/{OWN}/work-orders/{ORDER}"),
        ("order_not_opened", "booking", f"/v1/dealers/{OWN}/appointments/{APPOINTMENT}"),
    ]
    late = answer["entries"][1]
    assert (late["severity"], late["order_number"], late["plate"]) == ("severe", "RO-1", "沪A12345")
    assert late["what"] == "The promised time has passed, and the car is not ready."
    assert ask(house, locale="zh")["entries"][1]["what"] == "已过承诺交车时间，车辆仍未竣工。"
    assert {one["kind"]: one["count"] for one in answer["counts"]} == {
        "late_order": 1,
        "long_hold": 1,
        "order_not_opened": 7,
        "late_follow_up": 1,
    }
    assert answer["missing"] == []


def test_every_kind_has_something_to_open_that_exists() -> None:
    """Routes move: what is linked must be there."""
    reads = {row.route.path for row in ROWS if row.route.method == "GET" and row.route.scope == "dealer"}
    assert set(attention.OPENS) == set(get_args(ConcernKind))
    assert {path for paths in attention.OPENS.values() for path in paths} | set(attention.LISTS.values()) <= reads


@pytest.mark.parametrize("away", ["workshop", "booking", "parts", "billing", "crm"])
def test_one_service_away_is_named_and_the_rest_is_shown(house: House, told: Told, away: str) -> None:
    """Whose books the reconciliation needs, that is missing, too."""
    for service in ("workshop", "booking"):
        told.tells(service, "late_order" if service == "workshop" else "order_not_opened", concern(work_order_id=ORDER))
    told.deliveries.append(delivery())
    told.away.add(away)
    answer = ask(house)
    assert answer["missing"] == sorted({away} if away == "booking" else {away, "reconciliation"})
    assert {one["service"] for one in answer["entries"]} - {"reconciliation"} == {"workshop", "booking"} - {away}


def delivery() -> dict[str, Any]:
    """A delivery of an hour ago, none of whose effects are there."""
    at = (NOW - timedelta(hours=1)).isoformat()
    return {
        "work_order_id": ORDER,
        "number": "RO-1",
        "revision": 1,
        "payers": ["customer_pay"],
        "reversed": False,
        "announced_at": at,
    }


def test_deliveries_are_held_against_their_effects_at_most_once_a_minute(
    house: House, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest hundred; another dealer's look is its own."""
    told.deliveries.append(delivery())

    def found(dealer: str = OWN) -> int:
        entries = [one for one in ask(house, dealer=dealer)["entries"] if one["kind"] == "broken_delivery"]
        assert all(
            (one["order_number"], one["severity"], one["service"]) == ("RO-1", "severe", "reconciliation") for one in entries
        )
        assert all(one["path"] == f"/v1/dealers/{dealer}/work-orders/{ORDER}/timeline" for one in entries)
        return len(entries)

    def looked() -> list[tuple[str | None, int]]:
        return [(one.call.dealer, one.payload["limit"]) for one in told.calls if one.method == "list_deliveries"]

    assert found() == 3  # invoice, deduction, follow-up
    told.deliveries.clear()
    assert found() == 3
    assert looked() == [(OWN, 100)]
    assert found(OTHER) == 0
    monkeypatch.setattr(attention, "FRESH", timedelta())  # the minute has passed
    assert found() == 0
    assert looked() == [(OWN, 100), (OTHER, 100), (OWN, 100)]


def test_messages_that_stand_still_are_told_with_the_order_they_are_about(house: House, told: Told) -> None:
    """A dead one is severe; what waits is asked for from five minutes on."""
    since = (NOW - timedelta(minutes=9)).isoformat()
    message = {"subscriber": "billing.issue_invoices", "since": since, "reason": "tax rate"}
    told.messages["billing"] = {
        "dead": 1,
        "held": 30,
        "items": [{**message, "dead": True, "ids": {"work_order_id": ORDER}}, {**message, "dead": False, "ids": {}}],
    }
    answer = ask(house)
    dead, held = answer["entries"]
    assert (dead["kind"], dead["severity"], dead["path"]) == (
        "dead_message",
        "severe",
        f"/v1/dealers/{OWN}/work-orders/{ORDER}/timeline",
    )
    assert (dead["service"], dead["detail"]) == ("billing", "billing.issue_invoices: tax rate")
    assert (held["kind"], held["severity"], held["path"]) == ("held_message", "warning", None)
    assert {one["kind"]: one["count"] for one in answer["counts"]} == {"dead_message": 1, "held_message": 30}
    asked = [one.payload["parked_before"] for one in told.calls if one.method == "messages_standing_still"]
    assert len(asked) == 5
    ago = datetime.now(UTC) - datetime.fromisoformat(asked[0])
    assert timedelta(minutes=5) <= ago < timedelta(minutes=10)


def test_everybody_is_asked_as_the_dealer_who_asks(house: House, told: Told) -> None:
    """Rule G1: no service is asked over all dealers."""
    ask(house, dealer=OTHER)
    assert {one.call.dealer for one in told.calls} == {OTHER}
    assert {one.service for one in told.calls} == {"workshop", "booking", "parts", "billing", "crm"}
