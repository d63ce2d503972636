"""`servicelane demo`: the main job, at two dealers, over HTTP, in one process, from nothing to a causal timeline."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import eventlet
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from servicelane import embedded, running
from servicelane.client import Client
from servicelane.dealership import TIME_ZONE, Dealership, final_templates, open_dealership, open_group
from servicelane.output import console, fits, table
from servicelane.setup import ADMIN, create_administrator
from servicelane.suite import SERVICES
from servicelane.texts import text
from servicelane.visit import Visit

PASSWORD = "showroom-2026"
DEALERS = {"sh-pudong": "浦东店", "bj-chaoyang": "朝阳店"}
CARS = {"sh-pudong": ("LSVAA49J132047371", "沪A·12345"), "bj-chaoyang": ("1M8GDM9AXKP042788", "京N·88K66")}
STEPS = {
    "booked": "cli.demo.booked",
    "received": "cli.demo.received",
    "opened": "cli.demo.opened",
    "approved": "cli.demo.approved",
    "dispatched": "cli.demo.dispatched",
    "parts issued": "cli.demo.issued",
    "worked on": "cli.demo.worked_on",
    "checked": "cli.demo.checked",
    "delivered": "cli.demo.delivered",
    "paid": "cli.demo.paid",
    "left through the gate": "cli.demo.left",
}
"""What to say of each step of a visit."""


def run(*, as_json: bool) -> None:
    """Do the demo in a temporary folder and print what came of it; nothing is left behind."""
    progress = Console(stderr=True, quiet=as_json)
    with embedded.passing("demo"):
        with progress.status(text("cli.demo.preparing")):
            embedded.prepare(partial(create_administrator, ADMIN, PASSWORD))
        outcomes = running.run_during(SERVICES, lambda: _visits(embedded.base_url(), progress))
    if as_json:
        print(json.dumps({"visits": outcomes}, ensure_ascii=False, indent=2))
    else:
        _show(outcomes, console())


def _visits(base_url: str, console: Console) -> list[dict[str, Any]]:
    admin = Client.sign_in(base_url, ADMIN, PASSWORD)
    open_group(admin, comebacks=True)
    admin.post("/inspection-templates", {"templates": final_templates("minor")})
    columns = (
        TextColumn("{task.description}", table_column=Column(width=32, no_wrap=True)),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bars = {dealer: progress.add_task(name, total=len(STEPS) + 1) for dealer, name in DEALERS.items()}

        def visit(dealer: str) -> dict[str, Any]:
            def tell(done: str) -> None:
                progress.update(bars[dealer], advance=1, description=f"{DEALERS[dealer]}: {done}")

            at = open_dealership(admin, base_url, dealer=dealer, name=DEALERS[dealer], password=PASSWORD)
            tell(text("cli.demo.set_up"))
            return _visit(at, tell)

        visits = [eventlet.spawn(visit, dealer) for dealer in DEALERS]
        try:
            return [one.wait() for one in visits]
        finally:
            for one in visits:
                one.kill()  # when one failed, or a signal came, the others end too


def _visit(at: Dealership, tell: Callable[[str], None]) -> dict[str, Any]:
    vin, plate = CARS[at.dealer]
    visit = Visit(at, vin=vin, plate=plate)
    for done in visit.steps():
        tell(text(STEPS[done]))
    return visit.outcome()


def _show(outcomes: list[dict[str, Any]], console: Console) -> None:
    for outcome in outcomes:
        order = outcome["work_order"]
        console.print(f"\n{DEALERS[outcome['dealer']]} · {order['number']} · {order['status']}\n", style="bold")
        console.print(_timeline(outcome["timeline"], console))
        console.print(_results(outcome))


def _timeline(events: list[dict[str, Any]], console: Console) -> Table:
    names = {event["event_id"]: _short(event["type"]) for event in events}
    rows = [
        (
            f"{_local(event['time']):%H:%M:%S.%f}"[:-3],
            event["service"],
            _short(event["type"]),
            names.get(event.get("causation_id"), ""),
        )
        for event in events
    ]
    time, service = text("cli.demo.time"), text("cli.demo.service")
    side_by_side = table((f"{time} ({TIME_ZONE})", service, text("cli.demo.event"), text("cli.demo.caused_by")), rows, box=None)
    if fits(side_by_side, console):
        return side_by_side
    stacked = [(*place, f"{event}\n  {text('cli.demo.by', cause=cause)}" if cause else event) for *place, event, cause in rows]
    return table((f"{time}\n({TIME_ZONE})", service, text("cli.demo.event_and_cause")), stacked, box=None)


def _short(event_type: str) -> str:
    return event_type.partition(".")[2]


def _results(outcome: dict[str, Any]) -> Table:
    rows = [(text("cli.demo.appointment"), _day_and_time(outcome["appointment"]["starts_at"]))]
    for invoice in outcome["invoices"]:
        total = invoice["total"]
        rows.append(
            (text("cli.demo.invoice", number=invoice["number"]), f"{invoice['payer']}: {total['amount']} {total['currency']}")
        )
    for number, stock in outcome["stock"].items():
        rows.append((text("cli.demo.stock", part=number), f"{stock['before']} -> {stock['after']}"))
    planned, due = (_day_and_time(outcome["follow_up"][name]) for name in ("planned_at", "due_at"))
    rows.append((text("cli.demo.follow_up"), text("cli.demo.planned", planned=planned, due=due)))
    return table(("", ""), rows, box=None)


def _day_and_time(time: str) -> str:
    return f"{_local(time):%Y-%m-%d %H:%M}"


def _local(time: str) -> datetime:
    """The time at the dealers, as their staff and customers read it."""
    return datetime.fromisoformat(time).astimezone(ZoneInfo(TIME_ZONE))
