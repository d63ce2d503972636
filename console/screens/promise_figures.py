"""How many promises of a month were kept, and what the others were missed for."""

from console.desk import Desk
from console.page import Screen, Shown
from console.periods import period
from console.speaking import t

screen = Screen("promise_figures", place=91, area="figures", whose=("GET", "/promise-figures"))


@screen.page("/promise-figures")
def month(desk: Desk) -> Shown:
    """A month, this one unless `month` names another: one read."""
    asked, shown = period(desk)
    return Shown("promise_figures.html", t("promise_figures.title"), {"one": desk.get("/promise-figures", **asked), **shown})
