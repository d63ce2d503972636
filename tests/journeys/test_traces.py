"""One trace for one delivered order: from the request over every service to each subscriber's effect, on both kinds of suite."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from deploy.local.installation import PASSWORD
from servicelane import suite
from servicelane.client import Client, ProblemError
from servicelane.dealership import Dealership, open_dealership, open_group
from servicelane.visit import CUSTOMER, Visit
from tests.collector import CLIENT, CONSUMER, INTERNAL, PRODUCER, SERVER, Collector, Heard
from tests.deployment import SECRET, Deployment, Embedded
from tests.waiting import awaited

DELIVERED = "workshop.work_order.delivered"
EFFECTS = {
    "billing: process billing.issue_invoices",
    "parts: process parts.deduct_stock",
    "crm: process crm.schedule_follow_up",
}
INVOICED = "billing: publish billing.invoice.issued"
VIN, PLATE = "LSVAA49J132047371", "粤A·00001"


@dataclass(frozen=True)
class Lived:
    """A visit that was lived through, and what the collector heard of it."""

    at: Dealership
    visit: Visit
    heard: Collector

    def delivery(self) -> Heard:
        """The request that delivered the order."""
        [found] = [one for one in self.heard.spans if one.name.endswith("/deliver") and one.kind == SERVER]
        return found

    def untold(self) -> list[str]:
        """The spans of the delivery's trace whose cause was not told: each process tells its own in its own time."""
        whole = [one for one in self.heard.spans if one.trace == self.delivery().trace]
        known = {one.id for one in whole}
        return [one.name for one in whole if one.parent and one.parent not in known]


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """A collector for the module."""
    with Collector() as started, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", started.url)
        yield started


@pytest.fixture(scope="module", params=["embedded", "deployment"])
def lived(
    request: pytest.FixtureRequest,
    collector: Collector,
    vhosts: Any,
    fresh_database: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Lived]:
    """A visit on a suite of its own that was told of the collector: in one process, or a process per service."""
    folder = tmp_path_factory.mktemp("traced")
    collector.spans.clear()
    collector.bodies.clear()
    running: Embedded | Deployment
    if request.param == "embedded":
        running = Embedded(folder)
    else:
        running = Deployment(vhosts.make(), {name: fresh_database(name) for name in suite.SERVICES}, folder)
        running.open()
    try:
        admin = Client.sign_in(running.base_url, "admin", PASSWORD)
        open_group(admin)
        at = open_dealership(admin, running.base_url, dealer="gz-traced", name="天河店", password=PASSWORD)
        visit = Visit(at, vin=VIN, plate=PLATE)
        for done in visit.steps():
            if done == "left through the gate":
                break
        visit.outcome()
        lived = Lived(at, visit, collector)
        awaited(lambda: len(_effects(lived)) == len(EFFECTS), "the effects to be told")
        awaited(lambda: not lived.untold(), "the cause of each span to be told")
        yield lived
    finally:
        running.stop()


def _effects(lived: Lived) -> list[Heard]:
    trace = {one.trace for one in lived.heard.spans if one.name.endswith("/deliver") and one.kind == SERVER}
    return [one for one in lived.heard.spans if one.trace in trace and f"{one.service}: {one.name}" in EFFECTS]


def test_a_delivered_order_is_one_trace_over_all_services(lived: Lived) -> None:
    """Request, call, unit of work, event, publication, and the effect of each subscriber: each caused by the one before."""
    request = lived.delivery()
    assert (request.service, request.parent, request.facts["http.response.status_code"]) == ("gateway", "", 200)
    [called] = [one for one in lived.heard.below(request) if one.kind == CLIENT and one.name.endswith(".deliver_work_order")]
    [answered] = lived.heard.below(called)
    [unit] = lived.heard.below(answered)
    [made] = [one for one in lived.heard.below(unit) if one.name == f"create {DELIVERED}"]
    [published] = lived.heard.below(made)
    assert [(one.service, one.kind) for one in (called, answered, unit, made, published)] == [
        ("gateway", CLIENT),
        ("workshop", SERVER),
        ("workshop", INTERNAL),
        ("workshop", PRODUCER),
        ("workshop", PRODUCER),
    ]
    assert {one.kind for one in lived.heard.below(published)} == {CONSUMER}
    assert lived.heard.tree(published).keys() >= EFFECTS
    awaited(lambda: INVOICED in _effect_of_billing(lived, published), "billing's own publication")


def _effect_of_billing(lived: Lived, published: Heard) -> Any:
    return lived.heard.tree(published)["billing: process billing.issue_invoices"]["billing: create billing.invoice.issued"]


def test_every_span_is_within_its_trace(lived: Lived) -> None:
    """No span of the delivery's trace is without its cause: nothing on the way forgot to pass it on."""
    request = lived.delivery()
    whole = [one for one in lived.heard.spans if one.trace == request.trace]
    assert [one for one in whole if not one.parent] == [request]
    assert lived.untold() == []
    assert {one.service for one in whole} >= {"gateway", "workshop", "billing", "parts", "crm"}


def test_spans_say_nothing_of_people_and_of_no_secret(lived: Lived) -> None:
    """Neither who the customer is nor what anybody signed in with is anywhere in what was sent."""
    sent = b"".join(lived.heard.bodies)
    secrets = [SECRET, PASSWORD, *(str(value) for value in CUSTOMER.values()), VIN, PLATE, "13900001234", "Bearer"]
    assert [one for one in secrets if one != "phone" and one.encode() in sent] == []
    assert b"eyJ" not in sent, "every token of ours begins so"


def test_a_refusal_is_an_outcome_and_no_failure(lived: Lived) -> None:
    """What was asked for in vain is named by its code; nothing is marked as failed for it."""
    lived.visit.order = lived.at.manager.get(f"/work-orders/{lived.visit.order['id']}")
    with pytest.raises(ProblemError) as refused:
        lived.at.manager.post(f"/work-orders/{lived.visit.order['id']}/ready", of=lived.visit.order)
    code = refused.value.problem["code"]
    units = awaited(lambda: [one for one in lived.heard.named("do mark_ready") if one.facts.get("error.type") == code], code)
    assert not any(one.failed for one in units)
    assert not any(one.failed for one in lived.heard.spans if one.trace == units[0].trace)
