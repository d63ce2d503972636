"""Pick-up and return: the desk's plan by day with what is free, the legs of one car, one leg for the driver's phone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import abort, url_for

from console.action import Action, signing
from console.desk import Desk
from console.form import Field, File, Several, Whole, Yes
from console.page import Screen, Shown
from console.periods import beside, chosen_day
from console.screens.order import TAKEN
from console.sheets import sheet_facts
from console.showing import hour, weekday
from console.speaking import t, word

LEG = "/legs/{leg_id}"
PLANNED = ("GET", "/leg-plan")
OWNERS = {"appointments": "appointment_id", "work-orders": "work_order_id"}
"""Of what a leg is, as paths and commands call it."""
AHEAD = 14
FIRST_DIRECTION = {"appointments": "pick_up", "work-orders": "return"}

screen = Screen("legs", place=83, area="reception", whose=PLANNED)


def _to_leg(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("legs.leg", dealer=ids["dealer"], leg_id=answer["id"])


@screen.page("/legs", settles=("late_leg", "leg_question"))
def plan(desk: Desk) -> Shown:
    """A day: its intervals with what is free, its legs, and those about which somebody must decide. One read."""
    on = chosen_day(desk)
    found = desk.get("/leg-plan", from_day=on)
    return Shown("legs.html", t("legs.title"), {"found": found, "on": on, "neighbours": beside(on), "today": desk.today})


@screen.page(
    "/legs/of/<kind>/<owner_id>",
    Action(
        "plan",
        "POST",
        "/legs",
        (
            Field("direction"),
            Field("appointment_id"),
            Field("work_order_id"),
            Field("begins_at"),
            Field("driver"),
            Field("address"),
            Field("note"),
        ),
        guarded=False,
        then=_to_leg,
    ),
)
def car(desk: Desk, kind: str, owner_id: str) -> Shown:
    """The legs of an appointment's car, or an order's, and planning another one."""
    if kind not in OWNERS:
        abort(404)
    read = desk.together(
        owner=lambda: desk.get(f"/{kind}/{owner_id}"),
        legs=lambda: desk.get("/legs", **{OWNERS[kind]: owner_id})["items"],
        plan=lambda: desk.get("/leg-plan", days=AHEAD),
    )
    owner = read["owner"]
    values = {
        "legs": read["legs"],
        "of": OWNERS[kind],
        "owner_id": owner_id,
        "address": owner["customer"].get("address") or "",
        "windows": windows(read["plan"], desk.now),
        "drivers": drivers(desk, read["plan"]),
        "directions": ("pick_up", "return") if kind == "appointments" or _went_home(read["legs"]) else ("return",),
        "usual": FIRST_DIRECTION[kind],
    }
    return Shown("leg_plan.html", t("legs.of_car", plate=owner["vehicle"]["plate"]), values)


@screen.page(
    "/legs/<leg_id>",
    Action("start", "POST", LEG + "/start"),
    Action(
        "record",
        "POST",
        LEG + "/sheet",
        (
            Whole("keys"),
            Yes("registration"),
            Yes("service_book"),
            Whole("mileage"),
            Field("mileage_reason"),
            Whole("fuel_eighths"),
            Field("remarks"),
        ),
    ),
    Action("sign", "POST", LEG + "/sheet/sign", signing("signature")),
    Action("fail", "POST", LEG + "/fail", (Field("reason"),)),
    Action("attach", "POST", LEG + "/attachments", (File("file"), Field("note")), guarded=False),
    Action(
        "replan",
        "POST",
        LEG + "/replan",
        (Field("begins_at"), Field("driver"), Yes("no_driver"), Field("address"), Field("note")),
    ),
    Action("hand", "POST", "/work-orders/{of}/custody", (Several("things"), Field("given_to")), guarded=False),
    Action("cancel", "POST", LEG + "/cancel", (Field("reason"),)),
    Action("collect", "POST", LEG + "/collect", (Field("reason"),)),
)
def leg(desk: Desk, leg_id: str) -> Shown:
    """One leg: where it goes, its sheet and signature, photos; the desk gives it another window or driver."""
    read = desk.together(
        one=lambda: desk.get(f"/legs/{leg_id}"),
        plan=lambda: desk.get("/leg-plan", days=AHEAD) if desk.may(*PLANNED) else None,
    )
    one, planned = read["one"], read["plan"]
    values = {
        "one": one,
        "windows": windows(planned, desk.now, one) if planned else [],
        "drivers": drivers(desk, planned) if planned else [],
        "colleagues": desk.choices(one["colleagues"]),
        "is_live": one["leg_state"] in ("planned", "under_way"),
        "taken": TAKEN,
        "mine": not desk.may(*PLANNED),
        "asked": one["question"],
    }
    facts = {
        t("order.plate"): one["plate"],
        t("order.customer"): one["customer_name"],
        t("order.fact.status"): word("leg_state", one["leg_state"]),
        t("legs.window"): f"{weekday(one['begins_at'])} {hour(one['begins_at'])}-{hour(one['ends_at'])}",
        t("legs.driver"): one["driver"] or "",
        t("legs.address"): one["address"],
        **sheet_facts(one["sheet"], goes_back=one["direction"] == "return"),
    }
    return Shown("leg.html", t("legs.heading", plate=one["plate"]), values, version=str(one["version"]), facts=facts)


def _went_home(legs: list[dict[str, Any]]) -> bool:
    return any((one["direction"], one["leg_state"]) == ("return", "done") for one in legs)


def windows(plan: Mapping[str, Any], now: datetime, leg: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    """What may be chosen: windows that are not over and take another leg, on the side of the appointment that is the leg's."""
    return [
        (one["begins_at"], f"{weekday(one['begins_at'])} {hour(one['begins_at'])}-{hour(one['ends_at'])}")
        for one in plan["windows"]
        if one["free"] and datetime.fromisoformat(one["ends_at"]) > now and (leg is None or _beside(one, leg))
    ]


def _beside(window: Mapping[str, Any], leg: Mapping[str, Any]) -> bool:
    if leg["appointment_at"] is None:
        return True
    begins, ends, comes = (datetime.fromisoformat(at) for at in (window["begins_at"], window["ends_at"], leg["appointment_at"]))
    return ends <= comes if leg["direction"] == "pick_up" else begins >= comes


def drivers(desk: Desk, plan: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Who drives for the dealer."""
    return desk.choices(plan["drivers"])
