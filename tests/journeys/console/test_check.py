"""The final check: the inspector's queue, and the verdict with what was found and what is to be redone."""

from collections.abc import Callable
from typing import Any

import pytest

from deploy.local.installation import PASSWORD
from servicelane.client import Client
from servicelane.dealership import Dealership
from servicelane.setup import ADMIN
from tests.cars import unwashed
from tests.deployment import Embedded
from tests.journeys.console.conftest import order_page
from tests.pages import Browser

DEALER = "sh-check"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]

QUEUE = f"/d/{DEALER}/check"


def now(dealership: Dealership, order: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = dealership.advisor.get(f"/work-orders/{order['id']}")
    return found


def test_a_car_is_passed_and_ready(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """From the queue: its work and who did it, passed, then ready; it is in the queue no longer."""
    order = unwashed(dealership, car("worked on"))
    browser = at_desk("inspector")
    here = f"{QUEUE}/{order['id']}"
    assert here in browser.get(QUEUE).links
    page = browser.get(here)
    for line in order["lines"]:
        if line["kind"] in ("labour", "part") and line["state"] == "approved":
            assert (line["name_en"] or line["description"]) in page.text
    assert "ready" not in page.forms, "it is not passed yet"
    page = browser.send(page, "pass")
    assert page.path == here
    assert now(dealership, order)["quality_passed_by"] == f"{DEALER}.inspector"
    page = browser.send(page, "ready")
    assert page.path == QUEUE
    assert now(dealership, order)["status"] == "ready"
    assert here not in page.links


def test_a_car_that_does_not_pass_goes_back_with_what_was_found(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Without a finding it is refused at its field, and the line that was ticked stays ticked."""
    order = car("worked on")
    [line] = [one["line_id"] for one in order["lines"] if one["operation_code"] == "BRK-PAD-F"]
    for language, sentence in (("en", "what was found"), ("zh", "检")):
        browser = at_desk("inspector", language=language)
        page = browser.get(f"{QUEUE}/{order['id']}")
        refused = browser.send(page, "fail", rework_line_ids=[line])
        assert refused.status == 422
        assert 'href="#fail-findings"' in refused.source
        assert sentence in refused.text
        assert refused.forms["fail"].fields.getlist("rework_line_ids") == [line]
    page = browser.send(refused, "fail", findings="制动时抖动", rework_cause="workmanship")
    assert page.path == QUEUE
    after = now(dealership, order)
    assert (after["status"], after["rework_count"], after["quality_findings"]) == ("dispatched", 1, "制动时抖动")
    for language, rework in (("en", "Rework 1"), ("zh", "第 1 次返工")):
        assert rework in at_desk("inspector", language=language).get(f"{QUEUE}/{order['id']}").text
    assert [one["line_id"] for one in after["lines"] if one["kind"] == "labour" and not one["done_at"]] == [line]


def test_who_did_the_work_is_told_before_and_refused(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """The gateway says no, in a sentence at the verdict; a role that may not inspect is offered none."""
    order = car("worked on")
    page = at_desk("technician").get(f"{QUEUE}/{order['id']}")
    assert "You worked on this car" in page.text
    assert not {"pass", "fail", "ready"} & set(page.forms)
    manager = at_desk("manager")
    page = manager.send(manager.get(f"{QUEUE}/{order['id']}"), "pass")
    assert now(dealership, order)["quality_passed_by"] == f"{DEALER}.manager"


def test_a_verdict_that_comes_too_late_is_refused_and_told(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """A colleague passed it meanwhile; what was found by the one is not lost for the other's verdict."""
    order = car("worked on")
    browser = at_desk("inspector")
    page = browser.get(f"{QUEUE}/{order['id']}")
    path = f"/work-orders/{order['id']}"
    dealership.inspector.post(f"{path}/check-quality", {"passed": True}, of=dealership.inspector.get(path))
    late = browser.send(page, "fail", findings="oil leaks", rework_cause="part")
    assert late.status == 412
    assert late.forms["fail"].fields["findings"] == "oil leaks"
    assert "Passed by" in late.source.partition('class="changes"')[2].partition("</table>")[0]


def of_second_level(embedded: Embedded, dealership: Dealership, order: dict[str, Any]) -> dict[str, Any]:
    """The same car after second-level maintenance: found beside the rest, approved, done, and handed in."""
    one = {"operation_code": "SVC-2", "name_zh": "二级维护", "name_en": "Second-level maintenance", "hours": "1.00"}
    admin = Client.sign_in(embedded.base_url, ADMIN, PASSWORD)
    admin.post("/operations", {"operations": [{**one, "work_class": "second_level"}]})
    path, at = f"/work-orders/{order['id']}", dealership
    more = {"labour": [{"operation_code": "SVC-2", "payer": "customer_pay"}]}
    order = at.foreman.post(f"{path}/propose-additional-work", more, of=at.foreman.get(path))
    signed = {"means": "typed", "name": "Wang", "document_hash": at.advisor.get(f"{path}/estimate")["document_hash"]}
    told = {"estimate_version": order["estimate_version"], "decision": signed}
    order = at.advisor.post(f"{path}/approve-additional-work", told, of=at.advisor.get(path))
    for line in order["lines"]:
        if line["kind"] == "labour" and line["state"] == "approved":
            for step, body in (("clock-on", {}), ("clock-off", {"done": True})):
                at.technician.post(f"{path}/lines/{line['line_id']}/{step}", body, of=at.technician.get(path))
    handed_in: dict[str, Any] = at.technician.post(f"{path}/request-quality-check", of=at.technician.get(path))
    return handed_in


def test_second_level_maintenance_is_checked_by_its_sixteen_points(
    at_desk: Desk, car: Car, dealership: Dealership, embedded: Embedded
) -> None:
    """Rule W28: each in the reader's language with its limits; what is out of them is told at its item, and nothing is lost."""
    order = of_second_level(embedded, dealership, car("parts issued"))
    browser = at_desk("inspector", language="zh")
    page = browser.get(f"{QUEUE}/{order['id']}")
    assert "轮胎花纹深度" in page.text
    assert len(page.source) < 200_000
    names = [name for name in page.forms["pass"].names if name.endswith((".in_order", ".value"))]
    assert len(names) == 16
    good = {"S08": "61", "S09": "20", "S11": "14", "S12": "1.6"}
    codes = page.forms["pass"].fields

    def typed(name: str, **changed: str) -> str:
        code = codes[f"{name.rpartition('.')[0]}.item_code"]
        return "yes" if name.endswith(".in_order") else {**good, **changed}[code]

    refused = browser.send(page, "pass", **{name: typed(name, S12="1.2") for name in names})
    assert refused.status == 422
    assert "S12" in refused.text
    page = browser.send(refused, "pass", **{name: typed(name) for name in names})
    assert now(dealership, order)["quality_passed_by"] == f"{DEALER}.inspector"
    assert "二级维护竣工检验" in page.text


def test_what_was_measured_is_typed_of_a_car_that_does_not_pass_too(
    at_desk: Desk, car: Car, dealership: Dealership, embedded: Embedded
) -> None:
    """Rules W28 and W11: the form of what did not pass has the same rows, none of them needed."""
    order = of_second_level(embedded, dealership, car("parts issued"))
    browser = at_desk("inspector")
    page = browser.get(f"{QUEUE}/{order['id']}")
    fields = page.forms["fail"].fields
    [at] = [name for name in page.forms["fail"].names if name.endswith(".item_code") and fields[name] == "S12"]
    [line] = [one["line_id"] for one in order["lines"] if one["operation_code"] == "SVC-2"]
    told = {at.replace("item_code", "value"): "1.2", "findings": "worn", "rework_cause": "workmanship"}
    refused = browser.send(page, "fail", **told)
    assert (refused.status, 'href="#fail-rework_line_ids"' in refused.source) == (422, True)
    page = browser.send(refused, "fail", rework_line_ids=[line])
    assert page.path == QUEUE
    sheet = dealership.inspector.get(f"/work-orders/{order['id']}/inspections")["items"][-1]["sheets"][0]
    assert [(one["item_code"], one["values"]) for one in sheet["checked_items"]] == [("S12", ["1.200"])]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_check_is_read_in_the_readers_language(at_desk: Desk, car: Car, language: str) -> None:
    """Whole, with unique ids; and of a car that is not there it says so."""
    for so_far in ("worked on", "checked", "opened"):
        page = at_desk("inspector", language=language).get(f"{QUEUE}/{car(so_far)['id']}")
        assert page.status == 200
        assert "console." not in page.text
        assert len(page.ids) == len(set(page.ids))
        assert ("pass" in page.forms) == (so_far == "worked on")


def test_the_order_leads_to_the_check(at_desk: Desk, car: Car) -> None:
    """The inspector's next step; nobody else finds the queue in the navigation."""
    order = car("worked on")
    assert f"{QUEUE}/{order['id']}" in order_page(at_desk("inspector"), order).links
    assert QUEUE in at_desk("inspector").get(QUEUE).links
    assert QUEUE not in order_page(at_desk("advisor"), order).links
