"""The day's appointments: who comes, what for, and what becomes of it."""

from collections.abc import Mapping
from typing import Any

from flask import request

from console.action import Action, Look
from console.declined import declined_before
from console.desk import Desk
from console.form import Field, Yes
from console.page import Screen, Shown, typed
from console.periods import beside, chosen_day
from console.screens.booking import TAGS, WORK, choices, chosen, times
from console.showing import moment, person, weekday
from console.speaking import t, word

FRONT = ("PUT", "/appointments/{appointment_id}")
PENDING = ("requested", "wait_listed")
"""What waits for somebody of the desk, on whatever day."""
TASKS = ("GET", "/booking-tasks")
STATES = ("open", "resolved")
PAGE = 100

NEXT: Mapping[str, tuple[str, ...]] = {
    "requested": ("confirm", "reschedule", "amend", "cancel"),
    "wait_listed": ("confirm", "arrive", "reschedule", "amend", "cancel"),
    "confirmed": ("arrive", "reschedule", "amend", "cancel"),
    "arrived": ("amend", "cancel"),
    "no_show": ("arrive", "reschedule"),
}
"""What makes sense to offer in a state, the likeliest first; whether it is right, the gateway says."""

screen = Screen("appointments", place=25, area="reception", whose=FRONT)


def _actions(appointment: str) -> tuple[Action | Look, ...]:
    return (
        Action("confirm", "POST", f"/appointments/{appointment}/confirm"),
        Action("arrive", "POST", f"/appointments/{appointment}/arrive", (Field("bay"), Yes("confirm_second_appointment"))),
    )


@screen.page("/appointments", *_actions("{of}"))
def day(desk: Desk) -> Shown:
    """A day of the dealer, hour by hour; or what waits to be confirmed or for a place, on whatever day."""
    on, show = chosen_day(desk), request.args.get("show", "")
    show = show if show in PENDING else ""
    listed, plan = {}, {}
    if show:
        begins = request.args.get("cursor")
        listed = desk.get("/appointments", sort="starts_at", cursor=begins, limit=PAGE, status=show, from_day=desk.today)
    else:
        plan = desk.get("/day-plan", day=on)
    values = {
        "listed": listed,
        "plan": plan,
        "on": on,
        "show": show,
        "pending": PENDING,
        "neighbours": beside(on),
        "today": desk.today,
        "next": NEXT,
        "may_open": desk.may("POST", "/work-orders"),
        "has_tasks": desk.may(*TASKS),
    }
    return Shown("appointments.html", t("appointments.title"), values)


@screen.page("/appointments/fortnight", known=("appointments.fortnight", ("GET", "/fortnight")))
def fortnight(desk: Desk) -> Shown:
    """How full the coming days are, and the emptiest times on offer."""
    found = desk.get("/fortnight")
    values = {"days": found["days"], "offers": found["offers"], "today": desk.today}
    return Shown("fortnight.html", t("appointments.fortnight"), values)


@screen.page("/appointments/tasks")
def tasks(desk: Desk) -> Shown:
    """Cars that came and that nobody took on: those to look into, or with `show=resolved` those that were."""
    show = "resolved" if request.args.get("show") == "resolved" else "open"
    found = desk.get("/booking-tasks", state=show, cursor=request.args.get("cursor"), limit=PAGE)
    return Shown("booking_tasks.html", t("appointments.tasks"), {"found": found, "show": show, "states": STATES})


@screen.page(
    "/appointments/<appointment_id>",
    *_actions("{appointment_id}"),
    Action(
        "reschedule",
        "POST",
        "/appointments/{appointment_id}/reschedule",
        (Field("starts_at"), Field("reason"), Yes("confirm_second_appointment")),
    ),
    Look("places", within="reschedule"),
    Action("amend", "PUT", "/appointments/{appointment_id}", WORK),
    Action("cancel", "POST", "/appointments/{appointment_id}/cancel", (Field("reason"),)),
    Action("whose", "POST", "/appointments/{appointment_id}/choose-customer", (Field("customer"),)),
    finds="appointment",
    settles=("request_unanswered", "parts_late"),
)
def one(desk: Desk, appointment_id: str) -> Shown:
    """One appointment, and what can be done with it."""
    path = f"/appointments/{appointment_id}"
    found = desk.get(path)
    found["said_tags"] = [why["tag"] for why in found["tag_reasons"] if why["because"] == "said_by_desk"]
    steps = steps_of(found) if desk.may(*FRONT) else ()
    wanted = typed("reschedule")
    reads = times(desk, found["service_type"], {"advisor": found["advisor"] or "", **wanted}) if "reschedule" in steps else {}
    read = desk.together(
        declined=lambda: declined_before(desk, found["vehicle"]["vehicle_id"]),
        **reads,
        **(choices(desk) if "amend" in steps else {}),
    )
    values = {
        "one": found,
        "declined": read["declined"],
        "steps": steps,
        "times": chosen(read, wanted, best=False) if reads else None,
        "operations": read.get("operations", []),
        "advisors": read.get("advisors", []),
        "tags": TAGS,
        "may_open": desk.may("POST", "/work-orders"),
        "may_fetch": desk.may("POST", "/legs"),
        "may_take": desk.may("POST", "/appointments/{appointment_id}/deposits"),
    }
    title = t("appointments.heading", plate=found["vehicle"]["plate"], time=moment(found["starts_at"]))
    return Shown("appointment.html", title, values, version=str(found["version"]), facts=facts_of(found))


def steps_of(one: dict[str, Any]) -> tuple[str, ...]:
    """What makes sense now; a car that was here and was sent on is booked again."""
    return ("reschedule",) if one["status"] == "cancelled" and one["arrived_at"] else NEXT.get(one["status"], ())


def facts_of(one: dict[str, Any]) -> dict[str, str]:
    """What a reader saw of it: told as changed when somebody else changes it meanwhile."""
    return {
        t("appointments.fact.status"): word("appointment", one["status"]),
        t("appointments.fact.time"): f"{weekday(one['starts_at'])} {moment(one['starts_at'])}",
        t("appointments.fact.complaint"): one["complaint"] or "",
        t("appointments.fact.operations"): ", ".join(one["operations"]),
        t("appointments.fact.parts"): ", ".join(f"{part['part_number']} × {part['quantity']}" for part in one["parts"]),
        t("appointments.fact.advisor"): person(one["advisor"]),
    }
