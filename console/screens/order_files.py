"""The order's file (档案, Rule W23): found by VIN, plate or number; every signed document, and what is missing."""

from flask import request

from console.action import Action
from console.desk import Desk
from console.form import Field
from console.page import Screen, Shown
from console.screens.order import ORDER
from console.speaking import t

PAGE = 50
KINDS = ("walk_around", "decision", "inspection", "wash", "slip", "leg_sheet", "settlement", "gate_pass", "completion")

screen = Screen("order_files", place=58, area="orders", whose=("POST", ORDER + "/file/papers"))


@screen.page("/order-files", settles=("file_incomplete",))
def files(desk: Desk) -> Shown:
    """Those that are not complete though the car has left; and sealed ones, all or those of a `number`."""
    number = request.args.get("number", "").strip()
    read = desk.together(
        open_files=lambda: desk.get("/open-files", limit=PAGE)["items"],
        sealed=lambda: desk.get("/order-files", number=number or None, cursor=request.args.get("cursor"), limit=PAGE),
    )
    return Shown("order_files.html", t("order_files.title"), {**read, "number": number})


@screen.page(
    "/orders/<work_order_id>/file",
    Action(
        "paper",
        "POST",
        ORDER + "/file/papers",
        (Field("kind"), Field("attachment_id"), Field("signed_by"), Field("signed_on"), Field("note")),
        guarded=False,
    ),
    Action("withdraw", "POST", ORDER + "/file/papers/{of}/withdraw", (Field("reason"),), guarded=False),
)
def file(desk: Desk, work_order_id: str) -> Shown:
    """One file: its documents, each with who, when, how and its hash; a paper that was signed by hand can be filed."""
    path = f"/work-orders/{work_order_id}"
    read = desk.together(
        order=lambda: desk.get(path),
        found=lambda: desk.get(f"{path}/file"),
        attached=lambda: desk.get(f"{path}/attachments", limit=PAGE)["items"],
    )
    found = read["found"]
    attached = [(one["id"], one["name"]) for one in read["attached"]]
    values = {
        "order": read["order"],
        "found": found,
        "attached": attached,
        "kinds": [*found["missing"], *(one for one in KINDS if one not in found["missing"])],
    }
    return Shown("order_file.html", t("order_files.of", number=found["order_number"]), values)
