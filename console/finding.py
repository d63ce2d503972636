"""The search: whatever is called so at the dealer; in the palette while one types, and as a page of its own without a script.

What is searched for is posted, for names, phones and plates belong into no address, no history and no log.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from console import entrance, page
from console.desk import Desk
from console.gateway import Refusal
from console.speaking import t
from console.vins import like_a_vin

blueprint = Blueprint("finding", __name__)

PALETTE = "palette"
"""The palette sends this beside what is typed, and gets what it lists."""


@dataclass(frozen=True)
class Hit:
    """One thing that was found; without an address where no screen shows such things."""

    kind: str
    label: str
    detail: str
    address: str


@dataclass(frozen=True)
class Found:
    """What was found, by kind and whether there is more; screens that are called so; the kinds that could not be looked through;
    or what was wrong.
    """

    groups: tuple[tuple[str, list[Hit], bool], ...] = ()
    screens: tuple[Hit, ...] = ()
    missing: tuple[str, ...] = ()
    wrong: str = ""
    status: int = 200


@blueprint.route("/d/<dealer>/search", methods=["GET", "POST"])
def search(dealer: str) -> Response:
    """Search, and show what was found: as a page, or to the palette as what it lists."""
    if page.LOGIN in request.form:
        return page.signed_in_again(lambda typed: _shown(entrance.desk(dealer), typed.get("q", "")))
    return _shown(entrance.desk(dealer), request.form.get("q", ""))


def _shown(desk: Desk, typed: str) -> Response:
    wanted = typed.strip()
    found = _look(desk, wanted) if wanted else Found()
    desk.prove()
    # Whose car no file has, another dealer of the group may know.
    beyond = not found.groups and like_a_vin(wanted) and desk.may("GET", "/vehicle-history")
    values = {"found": found, "wanted": wanted, "beyond": beyond, "title": t("finding.title")}
    return Response(render_template("hits.html" if PALETTE in request.form else "finding.html", **values), found.status)


def _look(desk: Desk, wanted: str) -> Found:
    try:
        answer = desk.get("/search", q=wanted)
    except Refusal as refusal:
        sentences = [one for field in refusal.errors.values() for one in field]
        wrong = " ".join(sentences) or refusal.sentence or t(f"problem.{refusal.code}")
        return Found(wrong=wrong, status=refusal.status)
    groups = [(one["kind"], [_hit(desk, hit) for hit in one["hits"]], one["more"]) for one in answer["groups"]]
    # What leads somewhere comes first, a car's visits before its file: Enter opens it.
    leading = sorted(groups, key=lambda group: (not group[1][0].address, group[0] == "vehicle"))
    return Found(tuple(leading), _called(desk, wanted), tuple(answer["missing"]))


def _called(desk: Desk, wanted: str) -> tuple[Hit, ...]:
    """What somebody may see that is reached from other screens alone, by the pieces of its name."""
    pieces = wanted.lower().split()
    known = [(one, t(one.known[0]), one.known[1]) for screen in page.screens() for one in screen.pages if one.known]
    return tuple(
        Hit("screen", title, t("shell.screen"), url_for(one.endpoint, dealer=desk.dealer.id))
        for one, title, whose in known
        if all(piece in title.lower() for piece in pieces) and desk.may(*whose)
    )


def _hit(desk: Desk, hit: dict[str, Any]) -> Hit:
    shows = next((one for screen in page.screens() for one in screen.pages if one.finds == hit["kind"]), None)
    address = url_for(shows.endpoint, dealer=desk.dealer.id, **{shows.placeholder: hit["id"]}) if shows else ""
    return Hit(hit["kind"], hit["label"], hit["detail"], address)
