"""The daily report 维修日报 (Rule W22): what came, was handed over and stands, and what was invoiced; one question, one sheet."""

from console.desk import Desk
from console.page import Screen, Shown
from console.periods import beside, chosen_day
from console.speaking import t

screen = Screen("daily_report", under="performance")


@screen.page("/daily-report", known=("daily_report.title", "/daily-report"))
def day(desk: Desk) -> Shown:
    """Today, unless `day` names an earlier one."""
    chosen = min(chosen_day(desk), desk.today)
    before, after = beside(chosen)
    found = desk.get("/daily-report", day=chosen)
    values = {"found": found, "chosen": chosen, "before": before, "after": after if chosen < desk.today else None}
    return Shown("daily_report.html", t("daily_report.title"), values)
