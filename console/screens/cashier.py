"""The cashier: who waits at the desk, what each payer owes of an order, payments, and the gate pass."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request, url_for

from console.action import Action
from console.desk import Desk
from console.form import Amount, Field
from console.page import Screen, Shown
from console.showing import money
from console.speaking import t, word

ORDER = "/work-orders/{work_order_id}"
WANTS = ("gate_pass", "payment", "authorisation", "delivery", "exit", "refund")
TENDERS = ("wechat_pay", "alipay", "card", "cash", "transfer")
PAGE = 50
MOST = 200
"""As many as a list of the gateway has at once; no order has more payments."""

TENDERED = (
    Field("payment_method"),
    Amount("amount"),
    Field("provider"),
    Field("provider_reference"),
    Amount("reference_total"),
)

REFUND = Action("refund", "POST", "/payments/{of}/refunds", (*TENDERED, Field("reason")), guarded=False)

ACTIONS = (
    Action("pay", "POST", ORDER + "/payments", (Field("payer"), *TENDERED, Field("credit_of")), guarded=False),
    Action("deposit", "POST", ORDER + "/deposits", TENDERED, guarded=False),
    Action("pass", "POST", ORDER + "/gate-pass", guarded=False),
    Action("use", "POST", "/gate-passes/use", (Field("code"),), guarded=False),
    Action(
        "authorise",
        "POST",
        ORDER + "/authorisations",
        (Field("payer"), Field("reference"), Field("authorised_by")),
        guarded=False,
    ),
    Action("on-deposit", "POST", ORDER + "/deposit-approval", (Field("reason"),), guarded=False),
    Action("limit", "POST", "/customers/{of}/credit-limit", (Amount("limit"), Field("reason")), guarded=False),
    REFUND,
)

screen = Screen("cashier", place=60, whose=("POST", ORDER + "/payments"))


def _to_account(answer: Any, ids: Mapping[str, str]) -> str:
    """The account of the car that was let out: whoever stands at the gate sees whose pass it was."""
    return url_for("cashier.account", dealer=ids["dealer"], work_order_id=answer["work_order_id"])


@screen.page("/cashier", Action("use", "POST", "/gate-passes/use", (Field("code"),), guarded=False, then=_to_account))
def queue(desk: Desk) -> Shown:
    """Who waits, whoever has waited longest first; the gate, and the way to an order that waits for nothing yet."""
    chosen = request.args.get("show", "")
    chosen = chosen if chosen in WANTS else ""
    number = request.args.get("number", "").strip()
    read = desk.together(
        accounts=lambda: desk.get("/open-accounts", wants=chosen, cursor=request.args.get("cursor"), limit=PAGE),
        found=lambda: desk.get("/work-orders", number=number, limit=PAGE)["items"] if number else [],
    )
    return Shown("cashier.html", t("cashier.title"), {**read, "chosen": chosen, "number": number, "wants": WANTS})


@screen.page("/cashier/orders/<work_order_id>", *ACTIONS, settles=("billing_task",))
def account(desk: Desk, work_order_id: str) -> Shown:
    """One order's account: what each payer owes, what came in, and what comes next."""
    path = f"/work-orders/{work_order_id}"
    read = desk.together(
        order=lambda: desk.get(path),
        account=lambda: desk.find(f"{path}/account"),
        payments=lambda: desk.get("/payments", work_order_id=work_order_id, limit=MOST)["items"],
        invoices=lambda: desk.get("/invoices", work_order_id=work_order_id, limit=MOST)["items"],
        gate_pass=lambda: desk.find(f"{path}/gate-pass"),
        estimate=lambda: desk.find(f"{path}/estimate"),
    )
    order, found = read["order"], read["account"] or {}
    customer = order["customer"]["customer_id"]
    more = desk.together(
        limit=lambda: desk.find(f"/customers/{customer}/credit-limit"),
        elsewhere=lambda: desk.get("/customer-credits", customer_id=customer, limit=MOST)["items"],
    )
    shares = [one for one in found.get("shares", []) if one["revision"] == found["revision"]]
    values = {
        **read,
        "limit": more["limit"],
        "shares": shares,
        "owing": [one for one in shares if one["state"] == "open"],
        "pending": order["revision"] > found.get("revision", 0),
        "methods": _methods(found, more["elsewhere"]),
        "elsewhere": _elsewhere(more["elsewhere"], work_order_id),
        "usual": _usual(read["estimate"]),
        "refundable": _refundable(read["payments"]),
        "tenders": TENDERS,
    }
    return Shown("account.html", t("cashier.account", number=order["number"]), values)


@screen.page(
    "/cashier/appointments/<appointment_id>",
    Action("deposit", "POST", "/appointments/{appointment_id}/deposits", TENDERED, guarded=False),
    REFUND,
)
def booking(desk: Desk, appointment_id: str) -> Shown:
    """What was put down for an appointment: more of it while the customer is expected, and back if nothing came of it."""
    read = desk.together(
        appointment=lambda: desk.get(f"/appointments/{appointment_id}"),
        payments=lambda: desk.get("/payments", appointment_id=appointment_id, limit=MOST)["items"],
    )
    plate = read["appointment"]["vehicle"]["plate"]
    values = {**read, "refundable": _refundable(read["payments"]), "tenders": TENDERS}
    return Shown("booking_account.html", t("cashier.booking", plate=plate), values)


@screen.page("/cashier/orders/<work_order_id>/gate-pass")
def gate_pass(desk: Desk, work_order_id: str) -> Shown:
    """The gate pass as it is handed to the customer."""
    return Shown("gate_pass.html", t("cashier.gate_pass"), {"one": desk.get(f"/work-orders/{work_order_id}/gate-pass")})


@screen.page(
    "/invoices/<invoice_id>",
    Action("tax-number", "POST", "/invoices/{invoice_id}/tax-number", (Field("tax_number"),), guarded=False),
    finds="invoice",
)
def invoice(desk: Desk, invoice_id: str) -> Shown:
    """An invoice or credit note as it is printed."""
    one = desk.get(f"/invoices/{invoice_id}")
    return Shown("invoice.html", f"{word('invoice', one['kind'])} {one['number']}", {"one": one})


def _refundable(payments: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What came in from outside, so that it can go back."""
    return [
        one
        for one in payments
        if one["kind"] in ("deposit", "payment")
        and one["payment_method"] not in ("deposit", "customer_credit")
        and not one["amount"]["amount"].startswith("-")
    ]


def _methods(found: Mapping[str, Any], elsewhere: Iterable[Any]) -> Mapping[str, tuple[str, ...]]:
    """By payer, how its share can be paid: on account the customer's alone, with credit who has some."""
    mine = {one["payer"] for one in found.get("credits", [])} | ({"customer_pay"} if elsewhere else set())
    return {
        one["payer"]: (
            *TENDERS,
            *(("on_account",) if one["payer"] == "customer_pay" else ()),
            *(("customer_credit",) if one["payer"] in mine else ()),
        )
        for one in found.get("shares", [])
    }


def _elsewhere(others: Iterable[Mapping[str, Any]], here: str) -> list[tuple[str, str]]:
    """The customer's credit on other orders, to choose from."""
    return [
        (one["work_order_id"], f"{one['work_order_number']} · {money(part['amount'])}")
        for one in others
        if one["work_order_id"] not in (None, here)
        for part in one["credits"]
        if part["payer"] == "customer_pay"
    ]


def _usual(estimate: Mapping[str, Any] | None) -> str:
    """How the customer said they would pay."""
    said = estimate["payment_method"] if estimate else ""
    return str(said) if said in TENDERS else TENDERS[0]
