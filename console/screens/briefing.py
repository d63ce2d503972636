"""The coming day's comebacks and diagnoses, for whoever prepares the shop for them."""

from console.desk import Desk
from console.page import Screen, Shown
from console.periods import asked_day, beside
from console.showing import weekday
from console.speaking import t

BRIEFING = ("GET", "/briefing")

screen = Screen("briefing", place=32, area="workshop", whose=BRIEFING)


@screen.page("/briefing")
def day(desk: Desk) -> Shown:
    """A day's cars with their tags and why; the next open day unless `day` names another."""
    found = desk.get("/briefing", day=asked_day(desk))
    values = {
        "found": found,
        "neighbours": beside(found["day"]),
        "may_look": desk.may("GET", "/appointments/{appointment_id}"),
    }
    return Shown("briefing.html", t("briefing.heading", day=weekday(found["day"])), values)
