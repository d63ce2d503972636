"""The driver's own day, for a phone: what is fetched and brought, in order, with address and number to call."""

from console.desk import Desk
from console.page import Screen, Shown
from console.periods import beside, chosen_day
from console.speaking import t

screen = Screen("driving", place=42, area="reception", whose=("GET", "/my-legs"))


@screen.page("/my-legs")
def mine(desk: Desk) -> Shown:
    """Today's legs, with what is still open of earlier days; or those of another day. One read."""
    on = chosen_day(desk)
    found = desk.get("/my-legs", day=on)
    return Shown("my_legs.html", t("driving.title"), {"found": found, "on": on, "neighbours": beside(on), "today": desk.today})
