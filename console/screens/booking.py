"""A new booking: the caller and the car are found or registered, the emptiest times are offered, and the car is booked."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from console.action import Action, Look
from console.declined import DISMISS, FIRST_ROW, declined_before, parts_of
from console.desk import Desk
from console.form import Amount, Counted, Field, Moment, Needed, Several, Whole, Yes
from console.gateway import Refusal
from console.page import Screen, Shown, typed
from console.screens.desk_queue import ASKED, PROMISED, WAYS
from console.screens.orders import OPEN_WALK_IN
from console.showing import service
from console.speaking import t

USUAL = "maintenance"
"""What is asked for first."""
CHANNELS = ("phone", "walk_in", "web", "roadside", "email", "night_drop", "hotline")
TAGS = ("comeback", "near_warranty_end", "complaint_customer", "diagnosis")
REASONS = (
    "periodic_service",
    "first_service",
    "campaign",
    "warranty_end",
    "insurance_end",
    "recall",
    "part_arrived",
    "declined_work",
)
"""Why a customer is invited, the likeliest first."""
AWAITED = ("requested", "wait_listed", "confirmed", "arrived")

FOUND, LEAST_OF_A_PHONE = 8, 5
MOST = 200
"""As many as a list of the gateway has at once."""

WORK = (
    Field("complaint"),
    Several("operations"),
    Needed("parts.*.part_number"),
    Counted("parts.*.quantity", until=FIRST_ROW),
    Field("advisor"),
    Yes("waiting"),
    Yes("loaner"),
    Moment("expected_pick_up_at"),
    Amount("acceptable_price"),
    Amount("estimated_cost"),
    Whole("estimated_minutes"),
    Several("tags"),
)
CUSTOMER = (Field("name"), Field("phone"), Field("email"), Field("preferred_channel"), Yes("confirm_second_file"))
CAR = (
    Field("customer_id"),
    Field("plate"),
    Field("vin"),
    Field("make"),
    Field("model"),
    Whole("mileage"),
)
BOOKING = (
    Field("customer_id"),
    Field("vehicle_id"),
    Field("channel"),
    Field("service_type"),
    Field("starts_at"),
    Yes("wait_list"),
    Yes("confirm_second_appointment"),
    *WORK,
)

screen = Screen("booking", place=27, area="reception", whose=("POST", "/appointments"))


def _to_cars(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("booking.cars", dealer=ids["dealer"], customer_id=answer["id"])


def _to_times(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("booking.book", dealer=ids["dealer"], customer_id=ids["customer_id"], vehicle_id=answer["id"])


def _to_queue(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("desk_queue.waiting", dealer=ids["dealer"])


def _to_appointment(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("appointments.one", dealer=ids["dealer"], appointment_id=answer["id"])


@screen.page("/booking", Look("find"), Action("customer", "POST", "/customers", CUSTOMER, guarded=False, then=_to_cars))
def find(desk: Desk) -> Shown:
    """Who calls: found by phone, name, plate or chassis number, with their cars; or registered."""
    asked = typed("find").get("q", "").strip()
    found = _found(desk, asked) if asked else {"wrong": "", "found": [], "incomplete": False}
    values = {"asked": asked, **found, "guess": {"name": typed("find").get("name", ""), "phone": "", **_guess(asked)}}
    return Shown("booking_find.html", t("booking.title"), values)


@screen.page(
    "/booking/<customer_id>",
    Action("car", "POST", "/vehicles", CAR, guarded=False, then=_to_times),
    Action(
        "invite",
        "POST",
        "/invitations",
        (Field("vehicle_id"), Field("reason"), Field("channel"), Field("note")),
        guarded=False,
    ),
    Action("ask", "POST", "/enquiries", (Field("customer_id"), Field("plate"), *ASKED), guarded=False, then=_to_queue),
    Action("promise", "POST", "/calls", (Field("customer_id"), Field("plate"), *PROMISED), guarded=False, then=_to_queue),
    finds="customer",
)
def cars(desk: Desk, customer_id: str) -> Shown:
    """Which car: one of the customer's, or a new one."""
    read = desk.together(
        customer=lambda: desk.get(f"/customers/{customer_id}"),
        cars=lambda: desk.get("/vehicles", customer_id=customer_id, limit=MOST)["items"],
    )
    values = {
        **read,
        "may_lend": desk.may("POST", "/loans"),
        "reasons": REASONS,
        "vehicles": [(one["id"], f"{one['plate']} {one['make']} {one['model']}") for one in read["cars"]],
        "ways": WAYS,
        "plates": [(one["plate"], one["plate"]) for one in read["cars"]],
    }
    return Shown("booking_cars.html", t("booking.which_car", name=read["customer"]["name"]), values)


@screen.page(
    "/booking/<customer_id>/<vehicle_id>",
    Action("book", "POST", "/appointments", BOOKING, guarded=False, then=_to_appointment),
    OPEN_WALK_IN,
    DISMISS,
    Look("places", within="book"),
)
def book(desk: Desk, customer_id: str, vehicle_id: str) -> Shown:
    """What is wanted, and when; the car that is here already is taken on at once."""
    wanted = typed("book")
    read = desk.together(
        customer=lambda: desk.get(f"/customers/{customer_id}"),
        car=lambda: desk.get(f"/vehicles/{vehicle_id}"),
        coming=lambda: desk.get(
            "/appointments", vehicle_id=vehicle_id, from_day=desk.today, status=AWAITED, sort="starts_at", limit=5
        )["items"],
        declined=lambda: declined_before(desk, vehicle_id),
        kinds=lambda: [(one["service_type"], service(one)) for one in desk.get("/service-types")["items"]],
        **choices(desk),
        **times(desk, wanted.get("service_type") or USUAL, wanted),
    )
    values = {
        **read,
        "declined_parts": parts_of(read["declined"]),
        "times": chosen(read, wanted),
        "channels": CHANNELS,
        "usual": USUAL,
        "tags": TAGS,
    }
    return Shown("booking_book.html", t("booking.book_for", plate=read["car"]["plate"]), values)


def choices(desk: Desk) -> dict[str, Any]:
    """Reads of what may be chosen: operations of the group, advisors of the dealer."""
    return {
        "operations": lambda: desk.get("/operations", limit=MOST)["items"],
        "advisors": lambda: desk.choices(desk.get("/staff", role="service_advisor", limit=MOST)["items"]),
    }


def times(desk: Desk, service_type: str, wanted: Mapping[str, str]) -> dict[str, Any]:
    """Reads of the emptiest times and of all free places of a fortnight, from the day on that was asked for."""
    asked = {"service_type": service_type, "advisor": wanted.get("advisor")}
    return {
        "offers": lambda: or_sentence(desk, "/slot-offers", **asked),
        "days": lambda: or_sentence(desk, "/free-places", from_day=wanted.get("from_day"), **asked),
    }


def chosen(read: Mapping[str, Any], wanted: Mapping[str, str], *, best: bool = True) -> dict[str, Any]:
    """The times as they are shown: what is chosen is what was, else the best offer; `wrong` says why there are none.

    Without `best` none is: who moves an appointment agrees on the new time with the customer first.
    """
    offers, days = ([] if isinstance(one, str) else one["items"] for one in (read["offers"], read["days"]))
    offered = [one["starts_at"] for one in offers]
    known = {*offered, *(slot["starts_at"] for day in days for slot in day["slots"])}
    time = wanted.get("starts_at", "")
    sentence = next((one for one in (read["offers"], read["days"]) if isinstance(one, str)), "")
    return {
        "offers": offers,
        "days": [day for day in days if day["slots"]],
        "offered": offered,
        "chosen": time if time in known else next(iter(offered), "") if best else "",
        "wrong": sentence,
    }


def or_sentence(desk: Desk, path: str, **asked: Any) -> Any:
    """What is read; if it is refused because of what was asked for, the sentence that says so."""
    try:
        return desk.get(path, **asked)
    except Refusal as refusal:
        if refusal.status not in (409, 422):
            raise
        return " ".join(sentence for several in refusal.errors.values() for sentence in several) or refusal.sentence


def _found(desk: Desk, asked: str) -> dict[str, Any]:
    """The customers who are meant and the owners of the cars that are, each with their cars."""
    hits = or_sentence(desk, "/search", q=asked, limit=FOUND)
    if isinstance(hits, str):
        return {"wrong": hits, "found": [], "incomplete": False}
    ids = {group["kind"]: [hit["id"] for hit in group["hits"]] for group in hits["groups"]}
    found = desk.together(
        **{one: lambda one=one: desk.get(f"/vehicles/{one}")["customer_id"] for one in ids.get("vehicle", [])},
    )
    wanted = list(dict.fromkeys([*ids.get("customer", []), *found.values()]))[:FOUND]
    customers = desk.together(**{one: lambda one=one: desk.get(f"/customers/{one}") for one in wanted})
    cars = desk.together(**{one: lambda one=one: desk.get("/vehicles", customer_id=one, limit=FOUND)["items"] for one in wanted})
    return {
        "wrong": "",
        "found": [(customers[one], cars[one]) for one in wanted],
        "incomplete": not {"customer", "vehicle"}.isdisjoint(hits["missing"]),
    }


def _guess(asked: str) -> dict[str, str]:
    """What is filled in for a new customer: what was searched for, where it looks like one of the two."""
    digits = sum(letter.isdigit() for letter in asked)
    if digits >= LEAST_OF_A_PHONE and not any(letter.isalpha() for letter in asked):
        return {"phone": asked}
    return {"name": asked} if asked and not digits else {}
