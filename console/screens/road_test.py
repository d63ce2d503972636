"""Road tests, the customer's test drive, and what a comeback came from; for a tablet beside the car."""

from console.action import Action
from console.desk import Desk
from console.form import Field, Several, Whole
from console.page import Screen, Shown
from console.screens.order import ORDER, facts_of, line_options
from console.speaking import t

OUTCOMES = ("fixed", "not_fixed", "declined")
CAUSES = ("workmanship", "diagnosis", "part", "information")
DRIVE = (Field("route"), Whole("mileage_before"), Whole("mileage_after"), Field("mileage_reason"), Field("findings"))

screen = Screen("road_test", under="orders")


@screen.page(
    "/orders/<work_order_id>/road-test",
    Action("ask", "POST", ORDER + "/ask-for-road-test", (Field("reason"),), guarded=False),
    Action("withdraw", "POST", ORDER + "/withdraw-road-test", (Field("reason"),), guarded=False),
    Action("record", "POST", ORDER + "/road-tests", (*DRIVE, Field("driven_by")), guarded=False),
    Action("customer", "POST", ORDER + "/test-drive", (*DRIVE, Field("outcome"), Several("rework_line_ids"))),
    Action(
        "explain",
        "POST",
        ORDER + "/explain-comeback",
        (Field("comeback_cause"), Field("original_technician"), Field("correction")),
    ),
)
def drives(desk: Desk, work_order_id: str) -> Shown:
    """Every drive of one car, and what is still to be said before it goes back."""
    path = f"/work-orders/{work_order_id}"
    read = desk.together(order=lambda: desk.get(path), tests=lambda: desk.get(f"{path}/road-tests"))
    order = read["order"]
    labour = [line for line in order["lines"] if line["kind"] == "labour" and line["state"] == "approved"]
    comeback = order["comeback"]
    values = {
        **read,
        "outcomes": OUTCOMES,
        "causes": CAUSES,
        "labour": line_options(labour),
        "comeback": comeback if comeback and not comeback["overruled_by"] else None,
        "driven_by": desk.person.login,
        "drivers": desk.choices(read["tests"]["drivers"]),
    }
    title = f"{t('road_test.title')} {order['vehicle']['plate']}"
    return Shown("road_test.html", title, values, version=str(order["version"]), facts=facts_of(order))
