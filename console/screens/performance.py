"""How much of their time technicians work, and how fast: productivity, efficiency, utilisation of a month (Rule W9)."""

from console.desk import Desk
from console.page import Screen, Shown
from console.periods import period
from console.speaking import t

screen = Screen("performance", place=90, area="figures", whose=("GET", "/workshop-performance"))


@screen.page("/performance")
def month(desk: Desk) -> Shown:
    """A month or a day. One question to the gateway."""
    asked, shown = period(desk)
    return Shown("performance.html", t("performance.title"), {"found": desk.get("/workshop-performance", **asked), **shown})
