"""The foreman's board: everything on the floor now; and one card of it, where work is given away, held and taken up again."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from console.action import Action
from console.desk import Desk
from console.form import Field, Moment, Several, Yes
from console.page import Screen, Shown
from console.screens.order import ORDER, facts_of, line_options
from console.slips import Floor
from console.speaking import t

HOLDS = ("approval", "parts", "warranty_authorisation", "sublet")
"""What work waits for."""
PROPOSED = "/dispatch-proposals"
SHOWN = 6
"""So many proposals, of those who are next."""
NOTHING = {"items": [], "left_out": 0}

screen = Screen("board", place=30, area="workshop", whose=("POST", ORDER + "/dispatch"))


def _to_board(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("board.floor", dealer=ids["dealer"])


@screen.page(
    "/board",
    Action("take", "POST", ORDER.replace("{work_order_id}", "{of}") + "/dispatch", (Field("technician"), Field("bay"))),
)
def floor(desk: Desk) -> Shown:
    """The whole floor: cars by state in the order of the queue, technicians and bays; for foremen, who should do what next."""
    if desk.may("GET", PROPOSED):
        proposed = desk.get(PROPOSED, most=SHOWN, with_board="true")
        board = proposed["board"]
    else:
        proposed, board = NOTHING, desk.get("/board")
    return Shown(
        "board.html",
        t("board.title"),
        {"board": board, "proposed": proposed, "floor": Floor(board, desk.now, desk.zone, desk.called)},
    )


@screen.page(
    "/board/<work_order_id>",
    Action("dispatch", "POST", ORDER + "/dispatch", (Field("technician"), Field("bay")), then=_to_board),
    Action("team", "POST", ORDER + "/dispatch", (Field("team_id"), Field("bay")), then=_to_board),
    Action("assign", "POST", ORDER + "/lines/{of}/assign", (Field("technician"),)),
    Action("hold", "POST", ORDER + "/hold", (Field("reason"),), then=_to_board),
    Action("resume", "POST", ORDER + "/resume", then=_to_board),
    Action(
        "off",
        "POST",
        ORDER + "/lines/{of}/clock-off-colleague",
        (Field("technician"), Yes("done"), Field("reason"), Moment("stopped_at")),
        guarded=False,
    ),
    Action("check", "POST", ORDER + "/request-quality-check", then=_to_board),
    Action(
        "back",
        "POST",
        ORDER + "/return-to-work",
        (Field("reason"), Several("rework_line_ids")),
        then=_to_board,
    ),
)
def card(desk: Desk, work_order_id: str) -> Shown:
    """One car of it: the work and who is at it, and who and where is free. A car that has left is shown without."""
    read = desk.together(board=lambda: desk.get("/board"), order=lambda: desk.get(f"/work-orders/{work_order_id}"))
    order, now = read["order"], Floor(read["board"], desk.now, desk.zone, desk.called)
    slip = now.slip(work_order_id)
    values = {
        "order": order,
        "slip": slip,
        "technicians": now.free_first(now.technicians),
        "all_technicians": [(each.key, each.name) for each in now.technicians],
        "teams": [(each["team_id"], each["team_name"]) for each in read["board"]["teams"]],
        "bays": now.free_first(now.offered_bays),
        "holds": HOLDS,
        "line_options": line_options,
        "people": lambda on: [(each.login, each.name) for each in on],
    }
    return Shown("card.html", order["vehicle"]["plate"], values, version=str(order["version"]), facts=facts_of(order))
