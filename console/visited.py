"""What a customer sees by the lasting link to their order: where it stands, what was found and is done, what it costs, and what
waits for their decision (Rule W17). Its door, its cookie and its decisions are those of every link.
"""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, g, url_for

from console import entrance, linked, page
from console.gateway import Call, Refusal
from console.linked import VISIT, Link, Visit, blueprint
from console.showing import called
from console.speaking import t, word

__all__ = ["blueprint"]


@blueprint.get("/link/visit")
def visit() -> Response:
    """The order as it stands."""
    link = VISIT.held()
    return page.gone_to(url_for("linked.door")) if link is None else _shown(link)


@blueprint.post("/link/visit")
def decided_on_visit() -> Response:
    """Approve or decline one of the versions that wait."""
    return linked.decide(VISIT, _shown)


@blueprint.get("/link/visit/attachments/<attachment_id>/<what>")
def visit_picture(attachment_id: str, what: str) -> Response:
    """A photo or video that the link shows, or its thumbnail."""
    return linked.pictured(VISIT, attachment_id, what)


def _shown(link: Link, *, status: int = 200, conflict: bool = False) -> Response:
    now = entrance.parts().clock.now()
    try:
        seen = link.ask(Call("GET", f"{link.below}/{VISIT.path}"))
    except Refusal as refusal:
        return linked.turned_away(refusal)
    if conflict and g.returned.value("signature.document_hash") not in {one["document_hash"] for one in seen["requests"]}:
        return linked.show_door(t("linked.another"), status)  # the browser came by another order's link meanwhile
    g.visit = Visit(ZoneInfo(seen["time_zone"]), now)
    lines = {line["line_id"]: line for one in seen["requests"] for line in one["lines"]}
    waiting = [one for one in seen["requests"] if one["waiting_line_ids"]]
    asked = {line for one in waiting for line in one["waiting_line_ids"]}
    values = {
        "seen": seen,
        "now": now,
        "lines": lines,
        "waiting": waiting,
        "work": [line for line in lines.values() if line["state"] != "asked" and line["kind"] in ("labour", "sublet")],
        "parts": [line for line in lines.values() if line["state"] != "asked" and line["kind"] not in ("labour", "sublet")],
        "changes": [one for one in seen["requests"] if one["kind"] == "additional_work" and not one["waiting_line_ids"]],
        "found": [one for one in seen["findings"] if one["line_id"] not in asked],
        "asked_findings": {one["line_id"]: one for one in seen["findings"] if one["line_id"] in asked},
        **_pictures(seen),
    }
    return linked.answer("visit.html", seen, values, _facts(seen), status=status, conflict=conflict)


def _pictures(seen: dict[str, Any]) -> dict[str, Any]:
    """The photos of each finding, of each line, and of neither: each stands once on the page, the newest first."""
    item_of = {one["line_id"]: one["item_code"] for one in seen["findings"] if one["line_id"]}
    items = {one["item_code"] for one in seen["findings"]}
    of_item: dict[str, list[dict[str, Any]]] = {}
    of_line: dict[str, list[dict[str, Any]]] = {}
    others = []
    asked = {line for one in seen["requests"] for line in one["waiting_line_ids"]}
    for one in seen["pictures"]:
        item = one["item"] if one["item"] in items else item_of.get(one["line_id"])
        if item is not None:
            of_item.setdefault(item, []).append(one)
        elif one["line_id"] in asked:
            of_line.setdefault(one["line_id"], []).append(one)
        else:
            others.append(one)
    return {"of_item": of_item, "of_line": of_line, "others": others}


def _facts(seen: dict[str, Any]) -> dict[str, str]:
    """What its reader saw: told as changed when it was decided on meanwhile."""
    return {
        t("order.fact.line", number=line["number"], what=called(line)): word("visit_line", line["state"])
        for one in seen["requests"]
        for line in one["lines"]
    }
