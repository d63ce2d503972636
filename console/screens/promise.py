"""An order's promise: how it was worked out, what it was before, what the customer was told; telling them, and another time."""

from console.action import Action
from console.desk import Desk
from console.form import Field, Moment, Yes
from console.page import Screen, Shown
from console.screens.order import ORDER
from console.speaking import t
from console.whereabouts import where_parts_are

HOW = ("phone", "in_person", "wechat", "sms")
ANSWERS = ("agreed", "disagreed", "not_answered")
CAUSES = ("parts", "capacity", "additional_work", "diagnosis", "sublet", "customer", "other")
TOLD = (Field("told_how"), Moment("told_at"), Field("note"))

screen = Screen("promise", under="orders")


@screen.page(
    "/orders/<work_order_id>/promise",
    Action("report", "POST", ORDER + "/progress-reports", TOLD, guarded=False),
    Action(
        "revise",
        "POST",
        ORDER + "/promise/revise",
        (Moment("promised_at"), *TOLD, Field("promise_answer"), Field("promise_reason")),
        guarded=False,
    ),
    Action("explain", "POST", ORDER + "/promise/explain", (Field("miss_cause"), Field("note")), guarded=False),
    Action("wait", "POST", ORDER + "/promise/waiting", (Yes("waits"),), guarded=False),
    settles=("promise_at_risk", "missed_report"),
)
def promise(desk: Desk, work_order_id: str) -> Shown:
    """As it was worked out with the newest estimate, and as it would be now."""
    path = f"/work-orders/{work_order_id}"
    read = desk.together(
        order=lambda: desk.get(path), promise=lambda: desk.get(f"{path}/promise"), estimate=lambda: desk.find(f"{path}/estimate")
    )
    lines = where_parts_are(desk, read["order"])
    values = {**read, "lines": lines, "how": HOW, "answers": ANSWERS, "causes": CAUSES}
    return Shown("promise.html", f"{t('promise.title')} {read['order']['vehicle']['plate']}", values)
