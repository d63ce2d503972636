"""The daily report 维修日报 (Rule W22): what came, was handed over and stands, and what was invoiced; one question, one sheet."""

from flask import request

from console.desk import Desk
from console.page import Screen, Shown
from console.periods import asked_day, beside, chosen_day
from console.speaking import t

screen = Screen("daily_report", under="performance")


@screen.page("/daily-report", known=("daily_report.title", ("GET", "/daily-report")))
def day(desk: Desk) -> Shown:
    """Today, unless `day` names an earlier one; what is typed and names none is said at its field, and stays there."""
    typed = request.args.get("day", "").strip()
    chosen = min(chosen_day(desk), desk.today)
    wrong = "" if not typed or asked_day(desk) == chosen else t("daily_report.no_such_day")
    before, after = beside(chosen)
    found = desk.get("/daily-report", day=chosen)
    shown = {"typed": typed if wrong else chosen, "wrong": wrong}
    values = {"found": found, **shown, "chosen": chosen, "before": before, "after": after if chosen < desk.today else None}
    return Shown("daily_report.html", t("daily_report.title"), values)
