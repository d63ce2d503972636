"""What comes from suppliers: their deliveries are booked, a booking that was a mistake is undone, parts go back."""

from collections.abc import Iterable

from flask import request, url_for

from console.action import Action, Look
from console.desk import Desk
from console.form import Amount, Counted, Field, Needed, Number
from console.page import Screen, Shown, typed
from console.screens.parts import MOST, PAGE
from console.speaking import t

RECEIPT = "/stock/receipts/{receipt_id}"
ROWS = 6
"""As many lines as a fresh form has, and as many more as are added at once."""

screen = Screen("receiving", under="parts")


@screen.page(
    "/receipts",
    Action(
        "receive",
        "POST",
        "/stock/receipts",
        (
            Field("supplier"),
            Field("reference"),
            Needed("lines.*.part_number"),
            Counted("lines.*.quantity"),
            Amount("lines.*.unit_cost"),
        ),
        guarded=False,
        then=lambda answer, ids: url_for("receiving.receipt", dealer=ids["dealer"], receipt_id=answer["id"]),
    ),
    Look("more", within="receive"),
)
def receipts(desk: Desk) -> Shown:
    """Receipts, the newest first, of one supplier or document if that is asked for; a delivery is booked here."""
    asked = {name: request.args.get(name, "").strip() for name in ("supplier", "reference")}
    found = desk.get("/stock/receipts", cursor=request.args.get("cursor"), limit=PAGE, **asked)
    sent = typed("receive")
    more = ROWS if "more" in sent.getlist("do") else 0
    values = {
        "found": found,
        "asked": asked,
        "suppliers": list(dict.fromkeys(one["supplier"] for one in found["items"])),
        "rows": max(ROWS, rows_of(sent) + more),
        "here": "receiving.receipts",
    }
    return Shown("receipts.html", t("receiving.title"), values)


@screen.page(
    "/receipts/<receipt_id>",
    Action("undo", "POST", RECEIPT + "/undo", (Field("reason"),)),
    Action(
        "send-back",
        "POST",
        RECEIPT + "/returns",
        (Field("part_number"), Number("quantity"), Field("reference"), Field("reason")),
        guarded=False,
    ),
)
def receipt(desk: Desk, receipt_id: str) -> Shown:
    """One receipt as it was booked, and what of it went back."""
    read = desk.together(
        one=lambda: desk.get(f"/stock/receipts/{receipt_id}"),
        moves=lambda: desk.get("/stock/moves", document_id=receipt_id, limit=MOST)["items"],
    )
    one = read["one"]
    values = {
        "one": one,
        "parts": list(dict.fromkeys(line["part_number"] for line in one["lines"])),
        "moves": [move for move in read["moves"] if move["kind"] != "received"],
    }
    facts = {t("order.state"): t("receiving.undone") if one["undone_at"] else t("receiving.booked")}
    title = t("receiving.receipt", reference=one["reference"])
    return Shown("receipt.html", title, values, version=str(one["version"]), facts=facts)


def rows_of(names: Iterable[str]) -> int:
    """How many lines a form that came back had."""
    numbers = [name.split(".")[1] for name in names if name.startswith("lines.")]
    return 1 + max((int(one) for one in numbers if one.isdecimal() and len(one) < 4), default=-1)
