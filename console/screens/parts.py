"""The parts desk: what orders want, picked by scanning and handed out on signed slips; what comes back; what is short."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from flask import request, url_for

from console.action import Action
from console.desk import Desk
from console.form import Counted, Field
from console.page import Screen, Shown
from console.speaking import language, t, word

ORDER = "/work-orders/{work_order_id}"
HANDING = (
    Field("technician"),
    Field("signature.means"),
    Field("signature.name"),
    Field("lines.*.line_id"),
    Counted("lines.*.quantity"),
)
PAGE = 50
GIVEN = ("dispatched", "in_progress", "on_hold")
"""Orders whose cars stand in a bay of the workshop."""
STATES = ("open", "settled", "withdrawn")
"""Of special orders."""
QUANTITIES = ("wanted", "reserved", "issued", "short")
MOST = 200
"""As many as a list of the gateway has at once."""

screen = Screen("parts", place=50, whose=("POST", ORDER + "/issues"))


def _to_list(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("parts.to_issue", dealer=ids["dealer"])


def _to_issuing(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("parts.issuing", dealer=ids["dealer"], work_order_id=ids["work_order_id"])


@screen.page("/parts")
def to_issue(desk: Desk) -> Shown:
    """The pick list: orders that wait at the counter, the first needed first."""
    found = _where_they_stand(desk, lambda: _list(desk, "/reservations", to_issue="true"))
    return Shown("parts.html", t("parts.title"), {"found": found, "here": "parts.to_issue"})


@screen.page("/parts/set-aside")
def set_aside(desk: Desk) -> Shown:
    """Everything that is set aside, for orders and for bookings that are still to come."""
    found = _where_they_stand(desk, lambda: _list(desk, "/reservations"))
    return Shown("parts.html", t("parts.title"), {"found": found, "here": "parts.set_aside"})


@screen.page("/parts/short", known=("in_shop.short", ("GET", "/short-parts")))
def short(desk: Desk) -> Shown:
    """What stock cannot cover, and who waits for it; with `part`, for this one."""
    part = request.args.get("part", "").strip()
    found = _list(desk, "/short-parts", part_number=part)
    return Shown("short.html", t("parts.title"), {"found": found, "part": part, "here": "parts.short"})


@screen.page(
    "/parts/special-orders",
    Action("expect", "POST", "/special-orders/{of}/expect", (Field("expected_on"),), guarded=False),
    known=("parts.special_orders", ("GET", "/special-orders")),
)
def special_orders(desk: Desk) -> Shown:
    """What booked cars lack: to be ordered, the first wanted first; the clerk says when each is expected."""
    show = request.args.get("show", "")
    show = show if show in STATES else STATES[0]
    found = desk.get("/special-orders", state=show, cursor=request.args.get("cursor"), limit=PAGE)
    values = {"found": found, "show": show, "states": STATES, "here": "parts.special_orders"}
    return Shown("special_orders.html", t("parts.title"), values)


@screen.page(
    "/parts/orders/<work_order_id>",
    Action("issue", "POST", ORDER + "/issues", HANDING, guarded=False, then=_to_list),
    settles=("parts_task",),
)
def issuing(desk: Desk, work_order_id: str) -> Shown:
    """One order's parts, handed out as they are scanned."""
    return _handing(desk, work_order_id, "issue", "reserved")


@screen.page(
    "/parts/orders/<work_order_id>/return",
    Action("return", "POST", ORDER + "/returns", HANDING, guarded=False, then=_to_issuing),
)
def returning(desk: Desk, work_order_id: str) -> Shown:
    """The same the other way: what was handed out and is not needed comes back into the bin."""
    return _handing(desk, work_order_id, "return", "issued")


@screen.page("/slips/<slip_id>")
def slip(desk: Desk, slip_id: str) -> Shown:
    """A slip as it was signed, for paper."""
    one = desk.get(f"/slips/{slip_id}")
    path = f"/work-orders/{one['work_order_id']}"
    read = desk.together(order=lambda: desk.get(path), reservation=lambda: desk.find(f"{path}/reservation"))
    parts = {line["part_number"]: line for line in (read["reservation"] or {}).get("lines", [])}
    lines = [(line, parts.get(line["part_number"])) for line in one["lines"]]
    title = f"{word('slip', one['kind'])} {read['order']['number']}"
    return Shown("slip.html", title, {"one": one, "order": read["order"], "lines": lines, "part_name": part_name})


def _list(desk: Desk, path: str, **query: str) -> Any:
    """A page of a list of reservations."""
    found = desk.get(path, cursor=request.args.get("cursor"), limit=PAGE, **query)
    return found | {"items": [one | {"lines": [_counted(line) for line in one["lines"]]} for one in found["items"]]}


def _where_they_stand(desk: Desk, listed: Callable[[], Any]) -> Any:
    """The list with the bays of cars that were dispatched since: a reservation knows where they were received."""
    read = desk.together(found=listed, given=lambda: desk.get("/work-orders", status=GIVEN, limit=MOST)["items"])
    bays = {one["id"]: one["bay"] for one in read["given"]}
    items = [one | {"bay": bays.get(one["work_order_id"]) or one["bay"]} for one in read["found"]["items"]]
    return read["found"] | {"items": items}


def _counted(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line with its quantities as people write them: 4.5, not 4.500."""
    return {**line, **{name: f"{Decimal(line[name]).normalize():f}" for name in QUANTITIES if name in line}}


def _handing(desk: Desk, work_order_id: str, do: str, most: str) -> Shown:
    path = f"/work-orders/{work_order_id}"
    read = desk.together(
        order=lambda: desk.get(path),
        reservation=lambda: desk.find(f"{path}/reservation"),
        staff=lambda: desk.get("/staff", role="technician", limit=MOST)["items"],
        slips=lambda: desk.get(f"{path}/slips", limit=MOST)["items"],
    )
    order = read["order"]
    values = {
        **read,
        "do": do,
        "lines": [line | {"most": line[most]} for line in map(_counted, (read["reservation"] or {}).get("lines", []))],
        "technicians": desk.choices(read["staff"]),
        "everything": request.args.get("take") == "all",
        "part_name": part_name,
    }
    return Shown("picking.html", f"{order['vehicle']['plate']} {order['number']}", values)


def part_name(line: Mapping[str, Any]) -> str:
    """What the catalogue calls a line's part, in the reader's language where it has a name there."""
    first, second = ("name_zh", "name_en") if language() == "zh" else ("name_en", "name_zh")
    return line[first] or line[second] or ""
