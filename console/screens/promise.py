"""An order's promise: the time that holds, how it was worked out, what it was before, and whether it can still be kept."""

from console.desk import Desk
from console.page import Screen, Shown
from console.speaking import t

screen = Screen("promise", under="orders")


@screen.page("/orders/<work_order_id>/promise", settles=("promise_at_risk",))
def promise(desk: Desk, work_order_id: str) -> Shown:
    """As it was worked out with the newest estimate, and as it would be now."""
    path = f"/work-orders/{work_order_id}"
    read = desk.together(
        order=lambda: desk.get(path), promise=lambda: desk.get(f"{path}/promise"), estimate=lambda: desk.find(f"{path}/estimate")
    )
    return Shown("promise.html", f"{t('promise.title')} {read['order']['vehicle']['plate']}", read)
