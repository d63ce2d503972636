"""Suppliers: who may be ordered from, and at what terms they sell which part."""

from flask import request, url_for

from console.action import Action
from console.desk import Desk
from console.form import Amount, Field, Number, Whole, Yes
from console.page import Screen, Shown
from console.screens.parts import PAGE
from console.speaking import t

SUPPLIER = "/suppliers/{supplier_id}"
FACTS = (Field("name_zh"), Field("name_en"), Whole("lead_time_days"), Field("contact"), Field("phone"), Field("email"))

screen = Screen("suppliers", under="parts")


@screen.page(
    "/suppliers",
    Action(
        "register",
        "POST",
        "/suppliers",
        (Field("code"), *FACTS),
        guarded=False,
        then=lambda answer, ids: url_for("suppliers.supplier", dealer=ids["dealer"], supplier_id=answer["id"]),
    ),
    known=("suppliers.title", ("GET", "/suppliers")),
)
def suppliers(desk: Desk) -> Shown:
    """All of them, by code; a new one is registered here."""
    found = desk.get("/suppliers", cursor=request.args.get("cursor"), limit=PAGE)
    return Shown("suppliers.html", t("suppliers.title"), {"found": found, "here": "suppliers.suppliers"})


@screen.page(
    "/suppliers/<supplier_id>",
    Action("change", "PUT", SUPPLIER, FACTS),
    Action("approve", "POST", SUPPLIER + "/approve", (Field("reason"),), guarded=False),
    Action("suspend", "POST", SUPPLIER + "/suspend", (Field("reason"),), guarded=False),
    Action(
        "offer",
        "POST",
        SUPPLIER + "/parts",
        (
            Field("part_number"),
            Field("supplier_part_number"),
            Amount("price"),
            Whole("lead_time_days"),
            Number("order_minimum"),
            Number("order_multiple"),
            Yes("preferred"),
        ),
        guarded=False,
    ),
)
def supplier(desk: Desk, supplier_id: str) -> Shown:
    """One of them: whether orders may go there and why, and what it sells."""
    read = desk.together(
        one=lambda: desk.get(f"/suppliers/{supplier_id}"),
        sold=lambda: desk.get("/supplier-parts", supplier_id=supplier_id, cursor=request.args.get("cursor"), limit=PAGE),
    )
    one = read["one"]
    facts = {t("suppliers.approval"): t("suppliers.approved") if one["approved"] else t("suppliers.not_approved")}
    return Shown("supplier.html", f"{one['code']} {one['name_zh']}", read, version=str(one["version"]), facts=facts)
