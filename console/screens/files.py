"""Files of customers and cars: what is known of them, and its correction."""

from typing import Any

from console.action import Action, Look
from console.desk import Desk
from console.form import Chosen, Field, Needed, Whole, Yes
from console.page import Screen, Shown, typed
from console.screens.booking import FOUND, MOST, or_sentence
from console.screens.desk_queue import WAYS
from console.showing import day
from console.speaking import t, word

CUSTOMER = "/customers/{customer_id}"
PURPOSES = ("service_reminder", "follow_up", "survey", "marketing")
"""What a customer allows, or does not, by channel."""
NEW_CONSENTS = 3

PERSON = (
    Field("name"),
    Field("phone"),
    Field("email"),
    Field("preferred_channel"),
    Field("preferred_time"),
    Field("address"),
    Field("tax_number"),
    Needed("consents.*.purpose"),
    Field("consents.*.channel"),
    Chosen("consents.*.granted"),
    Needed("consents.*.source"),
    Yes("confirm_second_file"),
)
CAR = (
    Field("customer_id"),
    Field("plate"),
    Field("vin"),
    Field("make"),
    Field("model"),
    Field("sale_date"),
    Field("warranty_end"),
    Field("insurance_end"),
    Whole("mileage"),
    Field("mileage_reason"),
)

screen = Screen("files", under="booking")


@screen.page("/customers/<customer_id>", Action("correct", "PUT", CUSTOMER, PERSON))
def customer(desk: Desk, customer_id: str) -> Shown:
    """A customer's file with what they allow, and their cars."""
    read = desk.together(
        customer=lambda: desk.get(f"/customers/{customer_id}"),
        cars=lambda: desk.get("/vehicles", customer_id=customer_id, limit=MOST)["items"],
    )
    one = read["customer"]
    values = {
        **read,
        "ways": WAYS,
        "purposes": PURPOSES,
        "rows": NEW_CONSENTS,
        "may_book": desk.may("POST", "/appointments"),
    }
    return Shown("file_customer.html", one["name"], values, version=str(one["version"]), facts=_person(one))


@screen.page(
    "/vehicles/<vehicle_id>",
    Action("correct-car", "PUT", "/vehicles/{vehicle_id}", CAR),
    Look("owners", within="correct-car"),
    finds="vehicle",
)
def vehicle(desk: Desk, vehicle_id: str) -> Shown:
    """A car's file with its mileage and the work that was declined; whose it is, for those who may know."""
    car = desk.get(f"/vehicles/{vehicle_id}")
    asked = typed("correct-car").get("find", "").strip()
    may_know = desk.may("GET", CUSTOMER)
    owner = desk.get(f"/customers/{car['customer_id']}") if may_know else None
    found = _owners(desk, asked) if asked and may_know else []
    values = {
        "car": car,
        "owner": owner,
        "owners": _choices([*([owner] if owner else []), *([] if isinstance(found, str) else found)]),
        "wrong": found if isinstance(found, str) else t("files.no_owner", what=asked) if asked and not found else "",
        "may_book": desk.may("POST", "/appointments"),
    }
    return Shown("file_vehicle.html", car["plate"], values, version=str(car["version"]), facts=_car(car, owner))


def _owners(desk: Desk, asked: str) -> list[dict[str, Any]] | str:
    """Customers who may have the car now: found by name, phone or plate."""
    hits = or_sentence(desk, "/search", q=asked, limit=FOUND)
    if isinstance(hits, str):
        return hits
    ids = [hit["id"] for group in hits["groups"] if group["kind"] == "customer" for hit in group["hits"]]
    return list(desk.together(**{one: lambda one=one: desk.get(f"/customers/{one}") for one in ids}).values())


def _choices(customers: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return list({one["id"]: f"{one['name']} · {one['phone']}" for one in customers}.items())


def _person(one: dict[str, Any]) -> dict[str, str]:
    """What a reader saw of it: told as changed when somebody else changes it meanwhile."""
    consents = {
        f"{word('consent', each['purpose'])} · {word('way', each['channel'])}": _granted(each["granted"])
        for each in one["consents"]
    }
    return {
        t("booking.name"): one["name"],
        t("booking.phone"): one["phone"],
        t("booking.email"): one["email"] or "",
        t("booking.preferred_channel"): word("way", one["preferred_channel"]),
        t("files.preferred_time"): (one["preferred_time"] or "")[:5],
        t("files.address"): one["address"] or "",
        t("files.tax_number"): one["tax_number"] or "",
        **consents,
    }


def _car(one: dict[str, Any], owner: dict[str, Any] | None) -> dict[str, str]:
    newest = next(iter(one["mileage_history"]), None)
    return {
        t("files.owner"): owner["name"] if owner else "",
        t("booking.plate"): one["plate"],
        t("booking.vin"): one["vin"],
        t("booking.make"): one["make"],
        t("booking.model"): one["model"],
        t("files.sale_date"): day(one["sale_date"]),
        t("files.warranty_end"): day(one["warranty_end"]),
        t("files.insurance_end"): day(one["insurance_end"]),
        t("booking.mileage"): str(newest["mileage"]) if newest else "",
    }


def _granted(granted: bool) -> str:
    return t("files.granted") if granted else t("files.not_granted")
