"""Electronic health records (电子健康档案, Rule W32): what is not taken yet, why it was refused, and sending that again."""

from flask import request

from console.action import Action
from console.desk import Desk
from console.page import Screen, Shown
from console.speaking import t

PAGE = 50
RESEND = "/health-records/{of}/resend"

screen = Screen("health_records", under="order_files")


@screen.page(
    "/health-records",
    Action("resend", "POST", RESEND, (), guarded=False),
    settles=("record_unsent", "record_refused"),
    known=("health_records.title", ("POST", RESEND)),
)
def records(desk: Desk) -> Shown:
    """Due and refused ones, the first closed first; or that none are sent, where no address is set. One read."""
    found = desk.get("/health-records", cursor=request.args.get("cursor"), limit=PAGE)
    return Shown("health_records.html", t("health_records.title"), {"found": found})
