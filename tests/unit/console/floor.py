"""A floor of any size without a gateway behind it: what the board's page is made of, as the contract says it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

from flask import Flask

from chassis.process.clock import Clock
from chassis.process.metrics import HttpMetrics
from console.app import build_app
from console.gateway import Answer, Call, Caller, Gateway
from console.settings import ConsoleSettings
from contracts.workshop.board import Board
from contracts.workshop.dispatch_proposal import DispatchProposals
from servicelane.api_guide import document

NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
DEALER = "sh-pudong"
SHARES = {"open": 10, "dispatched": 14, "in_progress": 22, "on_hold": 6, "quality_check": 4, "ready": 4}
MODELS = (("Volkswagen", "Passat"), ("Audi", "A6L"), ("Volkswagen", "Tiguan L"), ("Audi", "Q5L"), ("Volkswagen", "Magotan"))
NAMES = ("李强", "王伟", "张敏", "刘洋", "陈杰", "杨帆", "赵磊", "黄海", "周涛", "吴刚", "徐明", "孙健")
WORK = (
    ("更换机油机滤", "0.80"),
    ("更换前制动片", "1.20"),
    ("四轮定位", "1.00"),
    ("更换前制动盘", "1.60"),
    ("空调系统检查", "0.70"),
)


class Standing(Clock):
    """The floor's clock."""

    def now(self) -> datetime:
        """Always the same."""
        return NOW


def board(cars: int, technicians: int = 12) -> dict[str, Any]:
    """A floor with so many cars, the same each time, checked by the contract."""
    luck = random.Random(7)
    states = [state for state, share in SHARES.items() for _ in range(share)]
    logins = [f"{DEALER}.t{at:02}" for at in range(technicians)]
    names = dict(zip(logins, NAMES * (1 + technicians // len(NAMES)), strict=False))
    orders = [_car(luck, at, states[at * len(states) // cars], logins, names) for at in range(cars)]
    orders.sort(key=lambda one: str(one["promised_at"] or "9"))
    running = {
        time["technician"]: (one, line, time)
        for one in orders
        for line in one["lines"]
        for time in line["times"]
        if time["since"]
    }
    given = [one for one in orders if one["status"] in ("dispatched", "in_progress", "on_hold")]
    found = {
        "orders": orders,
        "technicians": [
            {
                "technician": login,
                "technician_name": names[login],
                "running": None
                if login not in running
                else {
                    "work_order_id": running[login][0]["id"],
                    "line_id": running[login][1]["line_id"],
                    "since": running[login][2]["since"],
                },
                "work_order_ids": [one["id"] for one in given if one["technician"] == login],
                "hours_left": "2.40" if any(one["technician"] == login for one in given) else "0.00",
            }
            for login in logins
        ],
        "bays": [
            {
                "bay": f"B{at}",
                "listed": True,
                "occupied_by": next(
                    (one["id"] for one in given if one["bay"] == f"B{at}" and one["status"] == "in_progress"), None
                ),
                "work_order_ids": [one["id"] for one in given if one["bay"] == f"B{at}"],
                "hours_left": "1.20",
            }
            for at in range(1, technicians + 1)
        ],
        "teams": [{"team_id": str(UUID(int=7)), "team_name": "机电一班", "leader": logins[0], "members": logins}],
        "left_out": 0,
    }
    Board.load(found)
    return found


def _car(luck: random.Random, at: int, state: str, logins: list[str], names: dict[str, str]) -> dict[str, Any]:
    make, model = luck.choice(MODELS)
    promised = NOW + timedelta(minutes=luck.randrange(-240, 600))
    late = max(0, (NOW - promised) // timedelta(minutes=1)) if state != "ready" else 0
    at_work = state == "in_progress" and at % 3 != 0
    login = logins[at % len(logins)] if state != "open" else None
    identity = [str(UUID(int=luck.getrandbits(128), version=4)) for _ in range(5)]
    lines = []
    for number in range(1, luck.randrange(2, 4)):
        description, hours = luck.choice(WORK)
        running = at_work and number == 1
        minutes = luck.randrange(10, 70) if state in ("in_progress", "quality_check", "ready") else 0
        time = {
            "technician": login,
            "technician_name": names.get(login or ""),
            "minutes": minutes,
            "since": (NOW - timedelta(minutes=luck.randrange(3, 90))).isoformat() if running else None,
        }
        lines.append(
            {
                "line_id": str(UUID(int=luck.getrandbits(128), version=4)),
                "number": number,
                "job": 1,
                "kind": "labour",
                "description": description,
                "operation_code": "MNT-OIL",
                "state": "quoted" if state == "open" and at % 2 else "approved",
                "safety": False,
                "hours": hours,
                "minutes": minutes,
                "done_at": None,
                "times": [time] if minutes else [],
            }
        )
    hold = luck.choice(("parts", "approval", "sublet")) if state == "on_hold" else None
    return {
        "id": identity[0],
        "version": 3,
        "updated_at": NOW.isoformat(),
        "number": f"RO-2026-{at + 100:06}",
        "status": state,
        "vehicle_id": identity[1],
        "plate": f"沪A·{luck.randrange(10_000, 99_999)}",
        "make": make,
        "model": model,
        "customer_id": identity[2],
        "customer_name": luck.choice(NAMES),
        "advisor": f"{DEALER}.advisor",
        "advisor_name": "Zhang",
        "technician": login,
        "technician_name": names.get(login or ""),
        "bay": None if login is None else f"B{at % len(logins) + 1}",
        "opened_at": (NOW - timedelta(hours=3)).isoformat(),
        "promised_at": promised.isoformat(),
        "late_minutes": late,
        "at_risk": False,
        "hold_reason": hold,
        "undecided": 1 if state == "open" and at % 2 else 0,
        "unfinished": len(lines),
        "parts_here": None if state == "open" else at % 5 != 0,
        "short": [],
        "complaint": "保养，刹车时有异响",
        "dispatched_at": None,
        "rework_count": 1 if at % 17 == 3 else 0,
        "priority": "comeback" if at % 19 == 4 else "booked",
        "waiting": at % 9 == 2,
        "tags": [],
        "lines": lines,
    }


def proposals(floor: dict[str, Any], most: int) -> dict[str, Any]:
    """Who should do what next, for so many of its cars, with the floor; checked by the contract."""
    every = [one for one in floor["orders"] if one["status"] == "open"]
    waiting = every[:most]
    same = ("version", "number", "plate", "priority", "promised_at")
    items = [
        {
            **{name: one[name] for name in same},
            "work_order_id": one["id"],
            "hours": "1.60",
            "skills": ["HV 高压电"],
            "technician": f"{DEALER}.t00",
            "technician_name": NAMES[0],
            "team_name": "机电一班",
            "present": True,
            "hours_before": "2.40",
            "bay": "B1",
            "starts_at": NOW.isoformat(),
            "ends_at": (NOW + timedelta(hours=2)).isoformat(),
            "in_time": False,
            "passed_over": [
                {"technician": f"{DEALER}.t{at:02}", "technician_name": name, "why_not": "later", "ends_at": NOW.isoformat()}
                for at, name in enumerate(NAMES[1:], 1)
            ],
        }
        for one in waiting
    ]
    found = {"as_of": NOW.isoformat(), "items": items, "left_out": len(every) - len(waiting), "board": floor}
    DispatchProposals.load(found)
    return found


@contextmanager
def foremans_console(cars: int, role: str = "workshop_manager", **more: Any) -> Iterator[Flask]:
    """A console whose gateway answers with such a floor, and with `more`; the foreman is signed in with any handle."""
    floor = board(cars)
    at_dealer = {
        "dealer": DEALER,
        "name": "浦东店",
        "time_zone": "Asia/Shanghai",
        "currency": "CNY",
        "roles": [role],
    }
    answers = {
        "/v1/tokens": {"access_token": "t", "expires_in": 600, "refresh_token": "h"},
        "/v1/me": {"login": f"{DEALER}.foreman", "name": "马师傅", "locale": "zh", "group_roles": [], "dealers": [at_dealer]},
        "/v1/openapi.json": document(),
        f"/v1/dealers/{DEALER}/board": floor,
        f"/v1/dealers/{DEALER}/staff": {"items": [], "next_cursor": None},
        **{f"/v1/dealers/{DEALER}/{path.replace('_', '-')}": answer for path, answer in more.items()},
    }

    def ask(gateway: Gateway, call: Call, caller: Caller) -> Answer:
        if call.path.endswith("/dispatch-proposals"):
            assert call.query["with_board"] == "true"
            return Answer(200, proposals(floor, call.query["most"]))
        return Answer(200, answers[call.path])

    settings = ConsoleSettings(gateway_url="http://127.0.0.1:1", secure_cookie=False)
    with patch.object(Gateway, "ask", ask):
        yield build_app(settings, HttpMetrics("console-floor"), clock=Standing())
