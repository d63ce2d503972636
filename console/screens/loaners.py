"""The loaner fleet: who has which car, who gets it next; a loan with its hand-over and return sheets, for a tablet at the car."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from console.action import Action, signing
from console.desk import Desk
from console.form import Field, Moment, Needed, Whole
from console.page import Screen, Shown
from console.screens.walk_around import DAMAGES, PANELS
from console.sheets import sheet_facts
from console.speaking import t

LOAN = "/loans/{loan_id}"
MOST = 200
ANSWERS = ("lent", "compensated", "declined")
DUE = {"booked": "hand_over", "handed_over": "return"}
"""Which sheet is signed next."""

screen = Screen("loaners", place=82, area="reception", whose=("POST", "/loans"))


def _to_loan(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("loaners.loan", dealer=ids["dealer"], loan_id=answer["id"])


@screen.page(
    "/loaners",
    Action("add", "POST", "/loaners", (Field("plate"), Field("make"), Field("model"), Field("vin"), Whole("mileage"))),
    Action("withdraw", "POST", "/loaners/{of}/withdraw", (Field("reason"),), guarded=False),
    Action("reinstate", "POST", "/loaners/{of}/reinstate", guarded=False),
    Action("answer", "POST", "/work-orders/{of}/loaner-offer", (Field("loaner_answer"), Field("note")), guarded=False),
    settles=("loaner_offer", "loaner_due", "loaner_not_needed"),
)
def fleet(desk: Desk) -> Shown:
    """Every car with who has it and who gets it next, and to whom one is to be offered: a read of each service."""
    read = desk.together(
        cars=lambda: desk.get("/loaners", limit=MOST)["items"],
        offers=lambda: desk.get("/loaner-offers")["items"] if desk.may("GET", "/loaner-offers") else [],
    )
    return Shown("loaners.html", t("loaners.title"), {**read, "answers": ANSWERS})


@screen.page(
    "/loaners/lend/<customer_id>",
    Action(
        "lend",
        "POST",
        "/loans",
        (Field("customer_id"), Moment("begins_at"), Moment("ends_at"), Field("loaner_id"), Field("work_order_id")),
        guarded=False,
        then=_to_loan,
    ),
)
def lend(desk: Desk, customer_id: str) -> Shown:
    """A car for a customer without an appointment that asks for one."""
    cars = [one for one in desk.get("/loaners", limit=MOST)["items"] if not one["withdrawn_because"]]
    return Shown("loaner_lend.html", t("loaners.do.lend"), {"cars": cars, "customer_id": customer_id})


@screen.page(
    "/loans/<loan_id>",
    Action(
        "record",
        "POST",
        LOAN + "/sheets",
        (
            Field("sheet"),
            Field("driver"),
            Field("licence_number"),
            Whole("mileage"),
            Field("mileage_reason"),
            Whole("fuel_eighths"),
            Needed("damages.*.panel"),
            Field("damages.*.damage"),
            Needed("damages.*.note"),
            Field("remarks"),
        ),
    ),
    Action("sign", "POST", LOAN + "/sheets/sign", (Field("sheet"), *signing("signature"))),
    Action("move", "POST", LOAN + "/move", (Moment("begins_at"), Moment("ends_at"))),
    Action("cancel", "POST", LOAN + "/cancel", (Field("reason"),)),
)
def loan(desk: Desk, loan_id: str) -> Shown:
    """One loan, its sheets, and the one that is signed next: one read."""
    found = desk.get(f"/loans/{loan_id}")
    due = DUE.get(found["state"], "")
    sheets = [one for one in (found["hand_over"], found["return_sheet"]) if one]
    values: dict[str, Any] = {
        "one": found,
        "due": due,
        "sheets": sheets,
        "draft": next((one for one in sheets if one["sheet"] == due), None),
        "panels": PANELS,
        "kinds": DAMAGES,
    }
    facts = sheet_facts(values["draft"])
    return Shown(
        "loan.html", t("loaners.heading", plate=found["car"]["plate"]), values, version=str(found["version"]), facts=facts
    )
