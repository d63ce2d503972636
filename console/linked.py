"""What a customer sees by a link, without signing in: the door of all links, and what a one-time one leads to - a document, its
photos, and the way to decide on it.

The link's secret is in the fragment of its address, which browsers send to nobody. A script sends it in a form; who has none
pastes the link. From then on it is in a cookie that no script can read, and in no address: no log and no other site hears of it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, render_template, request, url_for

from console import entrance, files, page
from console.action import Action, signing
from console.asking import of_lines
from console.filled import Form
from console.form import Field, Place, Several
from console.gateway import STALE, Call, Refusal
from console.page import Shown
from console.showing import called, name_of
from console.speaking import t

LONGEST = 1000
"""Of what is pasted as a link, no more is looked at."""
_LINK = re.compile(r"(?:%23|(?<![\w-]))([a-z0-9-]{1,32})\.([\w-]{43,86})(?![\w-])", re.ASCII)
DECISION = (Several("line_ids"), *signing("signature"))
ACTIONS = {
    one.name: one
    for one in (
        Action("approve", "POST", "/linked/approve", DECISION, guarded=False),
        Action("decline", "POST", "/linked/decline", (*DECISION, Field("reason")), guarded=False),
    )
}

blueprint = Blueprint("linked", __name__)


@dataclass(frozen=True)
class Kind:
    """A kind of links: the cookie they are kept in, where the gateway shows what they lead to, and the page that does."""

    cookie: str
    path: str
    endpoint: str

    def kept(self) -> str:
        """What the cookie is called."""
        return f"__Host-{self.cookie}" if entrance.settings().secure_cookie else self.cookie

    def held(self) -> "Link | None":
        """The link of this kind that the browser came by."""
        return Link.read(request.cookies.get(self.kept(), ""))


DOCUMENT = Kind("link", "linked", "linked.document")
VISIT = Kind("visit-link", "linked/visit", "linked.visit")


@dataclass(frozen=True)
class Link:
    """The link somebody came by."""

    dealer: str
    token: str

    @property
    def below(self) -> str:
        """Where the dealer's things are at the gateway."""
        return f"/v1/dealers/{self.dealer}"

    @classmethod
    def read(cls, text: str) -> "Link | None":
        """The link in an address, behind its `#`, or in the message it came with; None if there is none."""
        found = _LINK.search(text[:LONGEST])
        return cls(*found.groups()) if found else None

    def ask(self, call: Call) -> Any:
        """What the gateway answers whoever has it. Raises Refusal."""
        with entrance.waiting():
            return entrance.parts().gateway.ask(call, replace(entrance.caller(), token=self.token)).body


@dataclass(frozen=True)
class Visit:
    """By which clock times are told to whoever came by a link."""

    zone: ZoneInfo
    now: datetime


def address(dealer: str, token: str) -> str:
    """The link as it is given to a customer."""
    return f"{entrance.origin()}{url_for('linked.door')}#{dealer}.{token}"


@blueprint.get("/link")
def door() -> Response:
    """Where links lead: the browser's script, or its owner, sends what is behind the `#`."""
    return show_door()


@blueprint.post("/link")
def opened() -> Response:
    """Open a link: its holder sees what it leads to."""
    link = Link.read(request.form.get("link", ""))
    if link is None:
        return show_door(t("linked.none"), HTTPStatus.NOT_FOUND)
    for kind in (DOCUMENT, VISIT):
        try:
            link.ask(Call("GET", f"{link.below}/{kind.path}"))
        except Refusal as refusal:
            if refusal.absent:
                continue
            return turned_away(refusal)
        response = page.gone_to(url_for(kind.endpoint))
        entrance.keep(response, kind.kept(), f"{link.dealer}.{link.token}", max_age=None, http_only=True)
        return response
    return show_door(t("linked.unknown"), HTTPStatus.NOT_FOUND)


@blueprint.get("/link/document")
def document() -> Response:
    """The document, or what was decided on it."""
    link = DOCUMENT.held()
    return page.gone_to(url_for("linked.door")) if link is None else _shown(link)


@blueprint.post("/link/document")
def decided() -> Response:
    """Approve or decline."""
    return decide(DOCUMENT, _shown)


def decide(kind: Kind, shown: Callable[..., Response]) -> Response:
    """Send the decision of a form by the link that the browser came by; refused, the page is `shown` with what was typed."""
    link = kind.held()
    if link is None:
        return show_door(t("linked.lost"), HTTPStatus.NOT_FOUND)
    form = Form.read(request.form)
    action = ACTIONS.get(form.do)
    if action is None:
        return show_door(t("problem.bad_request"), HTTPStatus.BAD_REQUEST)
    try:
        link.ask(action.call(form, Place("", ZoneInfo("UTC")), {}, link.below))
    except Refusal as refusal:
        page.come_back(form, action, refusal, refusal.sentence)
        return shown(link, status=refusal.status, conflict=refusal.status == STALE)
    return page.gone_to(url_for(kind.endpoint))


@blueprint.get("/link/attachments/<attachment_id>/<what>")
def picture(attachment_id: str, what: str) -> Response:
    """A photo or video that the link shows, or its thumbnail."""
    return pictured(DOCUMENT, attachment_id, what)


def pictured(kind: Kind, attachment_id: str, what: str) -> Response:
    """The same of whichever kind of link."""
    link = kind.held()
    if link is None:
        return show_door(t("linked.lost"), HTTPStatus.NOT_FOUND)
    return files.passed_on(link.ask, f"{link.below}/linked", attachment_id, what)


@blueprint.after_request
def _kept_nowhere(response: Response) -> Response:
    """A phone that others use, too, keeps nothing of it."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _shown(link: Link, *, status: int = 200, conflict: bool = False) -> Response:
    now = entrance.parts().clock.now()
    try:
        seen = link.ask(Call("GET", f"{link.below}/linked"))
    except Refusal as refusal:
        return turned_away(refusal)
    if conflict and g.returned.value("signature.document_hash") != seen["estimate"]["document_hash"]:
        return show_door(t("linked.another"), status)  # a document never changes: the browser came by another link meanwhile
    g.visit = Visit(ZoneInfo(seen["time_zone"]), now)
    lines = {line["number"]: line for line in seen["estimate"]["lines"]}
    decided = {lines[number]["line_id"] for number in (seen["receipt"] or {}).get("line_numbers", ()) if number in lines}
    values = {
        "seen": seen,
        "lines": lines,
        "waiting": of_lines(seen["estimate"], decided or seen["open_line_ids"]),
        "decided": decided,
        "found": {one["line_id"]: one for one in seen["findings"]},
        "item_names": {one["item_code"]: name_of(one) for one in seen["findings"]},
    }
    return answer("linked.html", seen, values, _facts(seen), status=status, conflict=conflict)


def answer(
    template: str, seen: dict[str, Any], values: dict[str, Any], facts: dict[str, str], *, status: int, conflict: bool
) -> Response:
    """The page of whichever link; what was typed stays in its form, with what has changed since if it was overtaken."""
    g.shown = Shown(template, seen["dealer_name"], {}, facts=facts)
    form: Form | None = g.get("returned")
    if form is not None:
        if conflict:
            form.compare(facts)
        form.seen = facts
    return Response(render_template(template, title=seen["dealer_name"], **values), status)


def _facts(seen: dict[str, Any]) -> dict[str, str]:
    """What its reader saw: told as changed when it was decided on meanwhile."""
    return {
        t("order.fact.line", number=line["number"], what=called(line)): (
            t("linked.waits") if line["line_id"] in seen["open_line_ids"] else t("linked.decided")
        )
        for line in seen["estimate"]["lines"]
    }


def turned_away(refusal: Refusal) -> Response:
    """The door, with the sentence that says why it leads nowhere."""
    said = t("linked.unknown") if refusal.absent else refusal.sentence or t(f"problem.{refusal.code}")
    return show_door(said, refusal.status)


def show_door(wrong: str = "", status: int = HTTPStatus.OK) -> Response:
    """The page with the field for a link, and what is wrong with the last one."""
    return Response(render_template("link_door.html", title=t("linked.door"), wrong=wrong), status)
