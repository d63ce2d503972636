"""Certificates in the console: the register, the trainings; a dispatch to who lacks one is refused as a sentence."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from deploy.local.installation import PASSWORD
from servicelane.client import Client
from servicelane.dealership import OPERATIONS, Dealership
from servicelane.setup import ADMIN
from tests.cars import brought
from tests.deployment import Embedded
from tests.pages import Browser

DEALER = "sh-certificates"

Desk = Callable[..., Browser]
HERE = f"/d/{DEALER}"
SKILL = "JOURNEY BRAKES"


def test_who_is_trained_and_certified_is_dispatched_and_what_ends_soon_is_on_the_list(
    at_desk: Desk, dealership: Dealership, embedded: Embedded
) -> None:
    """The manager plans a training, records its result and the certificate; the foreman is refused before, and not afterwards."""
    admin = Client.sign_in(embedded.base_url, ADMIN, PASSWORD)
    order = brought(dealership, "approved")
    codes = {line["operation_code"] for line in order["lines"] if line["operation_code"]}
    named = [one for one in OPERATIONS if one["operation_code"] in codes]
    admin.post("/operations", {"operations": [{**one, "skills": [SKILL]} for one in named]})
    try:
        card = f"{HERE}/board/{order['id']}"
        foreman, manager = at_desk("foreman"), at_desk("manager", language="zh")
        technician = f"{DEALER}.technician"
        refused = foreman.send(foreman.get(card), "dispatch", technician=technician, bay="B1")
        assert (refused.status, f"李强 holds no certificate for {SKILL}" in refused.text) == (409, True)
        today = datetime.now(UTC).astimezone().date()
        page = manager.send(
            manager.get(f"{HERE}/trainings"),
            "plan",
            trainee=technician,
            topic="制动",
            skill="journey brakes",
            planned_on=f"{today}",
        )
        assert ("李强" in page.text, "计划中" in page.text) == (True, True)
        [training] = dealership.manager.get("/trainings")["items"]
        yesterday = today - timedelta(days=1)
        page = manager.send(page, f"record-{training['id']}", held_on=f"{yesterday}", passed=["yes"])
        soon = today + timedelta(days=20)
        page = manager.send(page, f"certify-{training['id']}", issued_on=f"{yesterday}", expires_on=f"{soon}")
        assert "已取得证书" in page.text
        assert foreman.send(refused, "dispatch").path == f"{HERE}/board"
        [held] = dealership.manager.get("/certificates")["items"]
        page = manager.get(f"{HERE}/certificates?state=expiring")
        assert ("李强" in page.text, SKILL in page.text, "即将到期" in page.text) == (True, True, True)
        page = manager.send(page, f"renew-{held['id']}", issued_on=f"{yesterday}", expires_on=f"{soon}")
        assert (page.status, "须晚于原证书的到期日" in page.text) == (422, True)
        manager.send(page, f"renew-{held['id']}", expires_on=f"{today + timedelta(days=700)}")
        [renewed] = dealership.manager.get("/certificates")["items"]
        page = manager.send(manager.get(f"{HERE}/certificates"), f"withdraw-{renewed['id']}", reason="证书编号有误")
        page = manager.send(page, f"withdraw-{held['id']}", reason="离职")
        assert "暂无证书" in page.text
        assert "离职" in manager.get(f"{HERE}/certificates?state=withdrawn").text
        assert not set(foreman.get(f"{HERE}/certificates").forms) & {"issue", "set"}, "foremen read"
    finally:
        admin.post("/operations", {"operations": named})


def test_what_is_typed_wrong_stays_and_the_days_of_notice_are_set(at_desk: Desk, dealership: Dealership) -> None:
    """A certificate that has ended is none; the number of days is the dealer's."""
    manager = at_desk("manager")
    page = manager.get(f"{HERE}/certificates")
    typed = {"holder": f"{DEALER}.inspector", "skill": "qi", "issued_on": "2020-01-01", "expires_on": "2021-01-01"}
    refused = manager.send(page, "issue", **typed)
    assert (refused.status, "Must not be in the past." in refused.text, "qi" in refused.source) == (422, True, True)
    manager.send(manager.get(f"{HERE}/certificates"), "set", certificate_notice_days="45")
    assert dealership.manager.get("/team-settings")["certificate_notice_days"] == 45
