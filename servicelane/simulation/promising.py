"""What customers are told of their cars: another time, how it goes, and what a promise was missed for (W10, W18, W19)."""

from datetime import datetime, timedelta

from servicelane.simulation.house import House
from servicelane.simulation.visit import Visit

CAUSES = (("capacity", 2), ("parts", 1), ("additional_work", 1), ("diagnosis", 1))
MOST = 3
"""So many customers are told of it at a time; the others wait, and some too long."""


def tell_another_time(visit: Visit) -> None:
    """Some customers are called before the time is over: it takes two hours longer."""
    house = visit.house
    if visit.order["promised_at"] is None or not house.one_in(5, "another_time"):
        return
    before = datetime.fromisoformat(visit.order["promised_at"])
    told = {"told_how": "phone", "promise_answer": "agreed", "note": "技师还在检查"}
    new_time = max(before, house.now) + timedelta(hours=2)
    asked = {**told, "promised_at": new_time.isoformat(), "promise_reason": "客户要求"}
    promise = house.advisor.post(f"{visit.path}/promise/revise", asked)
    visit.revised = True
    newest = promise["revisions"][-1]
    house.saw("W18", newest["told_at"] and newest["previous_at"] and promise["first_promised_at"] != promise["promised_at"])
    visit.look()


def explain_if_late(visit: Visit) -> None:
    """Nobody hands over a car that was late without saying why."""
    house, promised_at = visit.house, visit.order["promised_at"]
    if promised_at is None or (not visit.revised and datetime.fromisoformat(promised_at) > house.now):
        return
    promise = house.advisor.get(f"{visit.path}/promise")
    if promise["missed"] and promise["miss_cause"] is None:
        told = {"miss_cause": house.draw("miss", CAUSES)}
        house.saw("W18", house.advisor.post(f"{visit.path}/promise/explain", told)["miss_cause"])


def tell_who_is_due(house: House) -> None:
    """The advisor looks at who is to be told something, and calls the first of them."""
    due = house.advisor.get("/due-reports")["items"]
    house.saw("W19", any(one["missed"] for one in due))
    for one in due[:MOST]:
        promise = house.advisor.post(f"/work-orders/{one['work_order_id']}/progress-reports", {"told_how": "wechat"})
        house.saw("W19", promise["reports"][0]["told_at"] or promise["waits"])
