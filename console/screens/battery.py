"""A car's traction battery: its state of health pack by pack, as a table and a line; beside the car, one more measurement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from console.action import Action
from console.desk import Desk
from console.form import Field, Number, Whole
from console.page import Screen, Shown
from console.screens.equipment import gauges_of
from console.screens.order import ORDER
from console.speaking import t

METHODS = ("bms_readout", "capacity_test", "charge_curve")
WIDTH, HEIGHT = 600, 200
MEASURED = ("open", "dispatched", "in_progress", "on_hold", "quality_check")

screen = Screen("battery", under="orders")


@screen.page("/vehicles/<vehicle_id>/battery")
def car(desk: Desk, vehicle_id: str) -> Shown:
    """The trend of a car, over all dealers."""
    read = desk.together(
        car=lambda: desk.get(f"/vehicles/{vehicle_id}"), found=lambda: desk.get(f"/vehicles/{vehicle_id}/battery")
    )
    values = {**read, "order": None, "line": line}
    return Shown("battery.html", f"{t('battery.title')} {read['car']['plate']}", values)


@screen.page(
    "/orders/<work_order_id>/battery",
    Action(
        "measure",
        "POST",
        ORDER + "/battery-measurements",
        (
            Field("pack_serial"),
            Number("percent"),
            Field("battery_method"),
            Field("tool"),
            Field("gauge"),
            Whole("mileage"),
            Field("mileage_reason"),
            Field("reason"),
            Whole("job"),
        ),
        guarded=False,
    ),
)
def measuring(desk: Desk, work_order_id: str) -> Shown:
    """The trend of the car of an order, and the next measurement."""
    order = desk.get(f"/work-orders/{work_order_id}")
    vehicle = order["vehicle"]
    read = desk.together(
        found=lambda: desk.get(f"/vehicles/{vehicle['vehicle_id']}/battery"),
        gauges=lambda: desk.get("/equipment", kind="gauge", limit=200)["items"],
    )
    values = {
        "car": vehicle,
        "found": read["found"],
        "order": order,
        "line": line,
        "measured_on": order["status"] in MEASURED,
        "methods": METHODS,
        "gauges": gauges_of(read["gauges"], "% SOH"),
        "jobs": [(str(one["number"]), f"{one['number']} · {one['complaint'][:40]}") for one in order["jobs"]],
    }
    return Shown("battery.html", f"{t('battery.title')} {vehicle['plate']}", values, version=str(order["version"]))


def line(measurements: Sequence[Mapping[str, Any]]) -> str:
    """The points of a trend in a box of 600 by 200, by time and percent, as an SVG polyline takes them."""
    times = [datetime.fromisoformat(one["measured_at"]).timestamp() for one in measurements]
    span = (times[-1] - times[0]) or 1
    return " ".join(
        f"{round((at - times[0]) / span * WIDTH)},{round(HEIGHT - float(one['percent']) / 100 * HEIGHT)}"
        for at, one in zip(times, measurements, strict=True)
    )
