"""What passes its final inspection at the first time, and why work goes back, of a month (Rule W11)."""

from console.desk import Desk
from console.page import Screen, Shown
from console.periods import period
from console.speaking import t

screen = Screen("quality", place=92, area="figures", whose=("GET", "/workshop-quality"))


@screen.page("/quality")
def month(desk: Desk) -> Shown:
    """A month or a day. One question to the gateway."""
    asked, shown = period(desk)
    return Shown("quality.html", t("quality.title"), {"found": desk.get("/workshop-quality", **asked), **shown})
