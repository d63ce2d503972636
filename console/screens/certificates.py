"""Who is certified for what and until when; the training plan and its results (Rule W20). Kept by the technical director."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from console.action import Action
from console.desk import Desk
from console.form import Field, Whole, Yes
from console.page import Screen, Shown
from console.speaking import t

STATES = ("valid", "expiring", "expired", "withdrawn", "renewed")
PAGE = 50
MOST = 200
PAPER = (Field("issued_on"), Field("expires_on"), Field("certificate_number"))
HOLDERS = frozenset({"technician", "team_leader", "workshop_manager", "quality_inspector", "technical_director"})

screen = Screen("certificates", place=84, area="workshop", whose=("GET", "/certificates"))


@screen.page(
    "/certificates",
    Action("issue", "POST", "/certificates", (Field("holder"), Field("skill"), *PAPER), guarded=False),
    Action("renew", "POST", "/certificates/{of}/renew", (*PAPER, Field("training_id")), guarded=False),
    Action("withdraw", "POST", "/certificates/{of}/withdraw", (Field("reason"),), guarded=False),
    Action(
        "set",
        "PUT",
        "/team-settings",
        (
            Whole("certificate_notice_days"),
            Whole("finishing_minutes"),
            Whole("reserve_minutes"),
            Whole("report_minutes"),
        ),
    ),
    settles=("certificate_expiring",),
)
def register(desk: Desk) -> Shown:
    """The certificates that count, the first to expire first; others by their `state`."""
    chosen = request.args.get("state", "")
    chosen = chosen if chosen in STATES else ""
    read = desk.together(
        listed=lambda: desk.get("/certificates", certificate_state=chosen or None, cursor=request.args.get("cursor"), limit=PAGE),
        settings=lambda: desk.get("/team-settings"),
        people=lambda: people(desk),
        passed=lambda: desk.get("/trainings", training_state="passed", limit=MOST)["items"],
    )
    values = {**read, "chosen": chosen, "states": STATES, "trained": _trained}
    return Shown("certificates.html", t("certificates.title"), values, version=str(read["settings"]["version"]))


@screen.page(
    "/trainings",
    Action(
        "plan",
        "POST",
        "/trainings",
        (Field("trainee"), Field("topic"), Field("skill"), Field("planned_on")),
        guarded=False,
    ),
    Action(
        "record",
        "POST",
        "/trainings/{of}/record-result",
        (Field("held_on"), Yes("passed"), Field("result_note")),
        guarded=False,
    ),
    Action(
        "certify",
        "POST",
        "/certificates",
        (Field("training_id"), Field("holder"), Field("skill"), *PAPER),
        guarded=False,
    ),
    Action("cancel", "POST", "/trainings/{of}/cancel", (Field("reason"),), guarded=False),
)
def trainings(desk: Desk) -> Shown:
    """What is planned and what was held, the latest first."""
    read = desk.together(
        listed=lambda: desk.get("/trainings", cursor=request.args.get("cursor"), limit=PAGE),
        people=lambda: people(desk),
    )
    return Shown("trainings.html", t("certificates.trainings"), read)


def people(desk: Desk) -> list[tuple[str, str]]:
    """Who works on cars, or signs for it."""
    staff = desk.get("/staff", limit=MOST)["items"]
    return desk.choices(one for one in staff if HOLDERS.intersection(one["roles"]))


def _trained(passed: Sequence[Mapping[str, Any]], one: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The trainings of which a renewal of this certificate may come."""
    whose = one["holder"], one["skill"]
    mine = [
        training for training in passed if (training["trainee"], training["skill"]) == whose and not training["certificate_id"]
    ]
    return [(training["id"], training["topic"]) for training in mine]
