"""What is ordered from suppliers: drafts, approval, what is on its way, and deliveries received by scanning."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import request, url_for

from console.action import Action, Look
from console.desk import Desk
from console.form import Amount, Counted, Field, Needed, Whole
from console.page import Screen, Shown, typed
from console.screens.parts import MOST, PAGE, part_name
from console.screens.receiving import ROWS, rows_of
from console.speaking import t, word

ORDER = "/purchase-orders/{purchase_order_id}"
STATES = ("draft", "approved", "sent", "partly_received", "received", "cancelled")
OUTCOMES = ("accepted", "damaged", "short", "wrong_part")

screen = Screen("purchasing", under="parts")


def _to_order(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("purchasing.order", dealer=ids["dealer"], purchase_order_id=answer["id"])


@screen.page(
    "/purchase-orders",
    Action(
        "draft",
        "POST",
        "/purchase-orders",
        (
            Field("supplier_id"),
            Needed("lines.*.part_number"),
            Counted("lines.*.quantity"),
            Amount("lines.*.unit_price"),
        ),
        guarded=False,
        then=_to_order,
    ),
    Look("more", within="draft"),
    known=("purchasing.title", ("GET", "/purchase-orders")),
)
def orders(desk: Desk) -> Shown:
    """Purchase orders, the newest first, of one state if that is asked for; a draft is begun here."""
    state = request.args.get("show", "")
    state = state if state in STATES else ""
    read = desk.together(
        found=lambda: desk.get("/purchase-orders", state=state or None, cursor=request.args.get("cursor"), limit=PAGE),
        suppliers=lambda: desk.get("/suppliers", approved="true", limit=MOST)["items"],
    )
    sent = typed("draft")
    values = {
        "found": read["found"],
        "suppliers": [(one["id"], f"{one['code']} {one['name_zh']}") for one in read["suppliers"]],
        "show": state,
        "states": STATES,
        "rows": max(ROWS, rows_of(sent) + (ROWS if "more" in sent.getlist("do") else 0)),
        "here": "purchasing.orders",
    }
    return Shown("purchase_orders.html", t("purchasing.title"), values)


@screen.page("/arrivals", known=("purchasing.arrivals", ("GET", "/arrivals")))
def arrivals(desk: Desk) -> Shown:
    """What suppliers are expected to bring, the first expected first; what is scanned leads to its order."""
    code = request.args.get("code", "").strip()[:40]
    found = desk.get("/arrivals", part_number=code or None, cursor=request.args.get("cursor"), limit=PAGE)
    values = {"found": found, "code": code, "part_name": part_name, "here": "purchasing.arrivals"}
    return Shown("arrivals.html", t("purchasing.arrivals"), values)


@screen.page(
    "/purchase-orders/<purchase_order_id>",
    Action("approve", "POST", ORDER + "/approve"),
    Action("send", "POST", ORDER + "/send"),
    Action("expect", "POST", ORDER + "/expect", (Field("expected_on"),), guarded=False),
    Action("cancel", "POST", ORDER + "/cancel", (Field("reason"),)),
    Action(
        "receive",
        "POST",
        ORDER + "/receipts",
        (
            Field("reference"),
            Whole("lines.*.line_number"),
            *(Counted(f"lines.*.{name}") for name in OUTCOMES),
            Amount("lines.*.unit_cost"),
        ),
        guarded=False,
        then=lambda answer, ids: url_for("purchasing.order", dealer=ids["dealer"], purchase_order_id=ids["purchase_order_id"]),
    ),
)
def order(desk: Desk, purchase_order_id: str) -> Shown:
    """One order: its lines, what came of them, and the delivery that is being inspected; what is scanned is counted."""
    one = desk.get(f"/purchase-orders/{purchase_order_id}")
    code = request.args.get("code", "").strip()
    outstanding = [_counted(line) for line in one["lines"] if Decimal(line["outstanding"])]
    scanned = _scanned(desk, outstanding, code) if code else []
    values = {
        "one": one,
        "code": code,
        "outstanding": scanned or outstanding,
        "scanned": bool(scanned),
        "outcomes": OUTCOMES,
    }
    title, facts = t("purchasing.order", number=one["number"]), {t("order.state"): word("purchase_order", one["state"])}
    return Shown("purchase_order.html", title, values, version=str(one["version"]), facts=facts)


def _scanned(desk: Desk, lines: list[dict[str, Any]], code: str) -> list[dict[str, Any]]:
    """The lines of the part whose label was scanned: ours, or the supplier's."""
    theirs = [line for line in lines if (line["supplier_part_number"] or "").casefold() == code.casefold()]
    found = None if theirs else desk.find("/parts/lookup", part_number=code[:40], resolve="false")
    return theirs or [line for line in lines if found and line["part_number"] == found["part_number"]]


def _counted(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line with what is outstanding as people write it: 4, not 4.000."""
    return {**line, "outstanding": f"{Decimal(line['outstanding']).normalize():f}"}
