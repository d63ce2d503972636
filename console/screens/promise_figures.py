"""How many promises of a month were kept, and what the others were missed for."""

from flask import request

from console.desk import Desk
from console.page import Screen, Shown
from console.periods import period
from console.screens.promise import CAUSES
from console.speaking import t

PAGE = 50
UNSAID = "unsaid"

screen = Screen("promise_figures", place=91, area="figures", whose=("GET", "/promise-figures"))


@screen.page("/promise-figures")
def month(desk: Desk) -> Shown:
    """A month, this one unless `month` names another: one read."""
    asked, shown = period(desk)
    return Shown("promise_figures.html", t("promise_figures.title"), {"one": desk.get("/promise-figures", **asked), **shown})


@screen.page("/promise-figures/missed")
def missed(desk: Desk) -> Shown:
    """The cars of a month that were late, the newest first; with `cause` those that were missed for it, or for nothing yet."""
    asked, shown = period(desk)
    cause = request.args.get("cause", "")
    only = {"explained": "false"} if cause == UNSAID else {"miss_cause": cause} if cause in CAUSES else {}
    found = desk.get("/missed-promises", cursor=request.args.get("cursor"), limit=PAGE, **asked, **only)
    values = {"found": found, "cause": cause if only else "", "causes": (*CAUSES, UNSAID), **asked, **shown}
    return Shown("missed_promises.html", t("promise_figures.missed"), values)
