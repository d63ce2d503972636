"""The calls to make: after deliveries, and to who did not come; whom, when, about what, and how it ended."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from console.action import Action
from console.desk import Desk
from console.form import Field, Moment, Whole, Yes
from console.page import Screen, Shown
from console.showing import moment, person
from console.speaking import t, word

FILTERS: Mapping[str, tuple[str, ...]] = {"scheduled": ("scheduled",), "past": ("completed", "cancelled")}
OUTCOMES = {True: ("satisfied", "problem"), False: ("unreachable",)}
"""How a call can end, by whether the customer was reached."""
PAGE = 20

CALLED = ("booked", "later", "declined", "unreachable")
"""How a call to who did not come can end, the likeliest first."""

ATTEMPT = (Yes("reached"), Moment("call_again_at"), Field("note"))

screen = Screen("follow_ups", place=70, whose=("POST", "/follow-ups/{follow_up_id}/attempts"))


def _to_one(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("follow_ups.one", dealer=ids["dealer"], follow_up_id=answer["id"])


def _to_queue(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("follow_ups.queue", dealer=ids["dealer"])


def _actions(follow_up: str) -> tuple[Action, ...]:
    path = f"/follow-ups/{follow_up}"
    return (
        Action("take", "POST", f"{path}/take", guarded=False),
        Action("leave", "POST", f"{path}/leave", guarded=False),
        Action("reached", "POST", f"{path}/attempts", ATTEMPT, guarded=False, then=_to_one),
        Action("missed", "POST", f"{path}/attempts", ATTEMPT, guarded=False),
        Action(
            "complete",
            "POST",
            f"{path}/complete",
            (Field("outcome"), Whole("satisfaction"), Field("next_appointment"), Field("note")),
            then=_to_queue,
        ),
    )


@screen.page(
    "/follow-ups",
    *_actions("{of}"),
    Action("called", "POST", "/calls/{of}/complete", (Field("outcome"), Field("note"))),
    Action("take-call", "POST", "/calls/{of}/take", guarded=False),
    Action("leave-call", "POST", "/calls/{of}/leave", guarded=False),
)
def queue(desk: Desk) -> Shown:
    """The calls to make, the most urgent first; or those that are over, the latest first."""
    chosen = request.args.get("show", "scheduled")
    chosen = chosen if chosen in FILTERS else "scheduled"
    begins = request.args.get("cursor")
    read = desk.together(
        listed=lambda: desk.get(
            "/follow-ups",
            state=FILTERS[chosen],
            sort="due_at" if chosen == "scheduled" else "-due_at",
            cursor=begins,
            limit=PAGE,
        ),
        missed=lambda: (
            [] if begins or chosen != "scheduled" else desk.get("/calls", kind="no_show", state="open", limit=PAGE)["items"]
        ),
    )
    values = {**read, "chosen": chosen, "filters": list(FILTERS), "outcomes": outcomes, "called": CALLED}
    return Shown("follow_ups.html", t("follow_ups.title"), values)


@screen.page("/follow-ups/<follow_up_id>", *_actions("{follow_up_id}"), settles=("late_follow_up",))
def one(desk: Desk, follow_up_id: str) -> Shown:
    """One call, whole."""
    found = desk.get(f"/follow-ups/{follow_up_id}")
    title = t("follow_ups.heading", name=found["customer_name"], plate=found["plate"])
    values = {"one": found, "outcomes": outcomes}
    return Shown("follow_up.html", title, values, version=str(found["version"]), facts=facts_of(found))


def outcomes(one: dict[str, Any]) -> tuple[str, ...]:
    """How it can end now: not before somebody has tried, and as unreachable only if nobody ever got through."""
    if one["state"] != "scheduled" or not one["attempts"]:
        return ()
    return OUTCOMES[any(attempt["reached"] for attempt in one["attempts"])]


def facts_of(one: dict[str, Any]) -> dict[str, str]:
    """What a reader saw of it: told as changed when somebody else changes it meanwhile."""
    return {
        t("follow_ups.fact.state"): word("follow_up", one["state"]),
        t("follow_ups.fact.attempts"): str(len(one["attempts"])),
        t("follow_ups.fact.caller"): person(one["caller"]) if one["caller"] else "",
        t("follow_ups.fact.call"): moment(one["call_at"]),
    }
