"""What operators do: start with a wrong setting; look at dead letters and replay them, reconcile and republish (Rule G5)."""

import json
from typing import Any

import kombu
import pytest

from chassis.wire.ids import new_id
from servicelane.client import awaited
from servicelane.visit import Visit
from tests.deployment import Deployment
from tests.journeys.test_visit import VIN, opened


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"AMQP_URI": ""}, "AMQP_URI is not set"),
        ({"PARTS_DATABASE_URL": "mysql://somewhere"}, "DATABASE_URL must start with postgresql+psycopg2://"),
        ({"WORKERS": "many"}, "WORKERS must be a number"),
        ({"SERVICELANE_CRASH_POINT": "nowhere"}, "nowhere"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(deployment: Deployment, wrong: dict[str, str], said: str) -> None:
    """It names the variable; nothing is started."""
    done = deployment.command("run", "parts", **wrong)
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.strip().splitlines()
    assert said in line


def test_a_gateway_without_a_secret_does_not_start(deployment: Deployment) -> None:
    """A short one will not do either."""
    for secret in ("", "short"):
        done = deployment.command("run", "gateway", JWT_SECRET=secret)
        assert done.returncode == 2
        assert "JWT_SECRET" in done.stderr


def test_an_unknown_service_or_dealer_is_said_to_be_unknown(deployment: Deployment) -> None:
    """Not taken for one about which there is nothing to say."""
    for arguments in (["dead-letters", "list", "nosuch"], ["reconcile", "--dealer", "nosuch"]):
        done = deployment.command(*arguments)
        assert done.returncode == 2
        assert "nosuch" in done.stderr


def test_a_dead_letter_is_listed_shown_and_replayed(deployment: Deployment) -> None:
    """With its reason; a replay has it tried again, and it dies again while it is as bad as before."""
    message = new_id()
    with kombu.Connection(deployment.amqp_uri) as connection, connection.channel() as channel:
        poison = channel.prepare_message(
            b"null", content_type="application/json", content_encoding="utf-8", properties={"message_id": message}
        )
        channel.basic_publish(poison, exchange="workshop.events", routing_key="work_order.delivered")

    def dead() -> list[dict[str, Any]]:
        listed = json.loads(deployment.command("dead-letters", "list", "billing", "--json").stdout)
        return [one for one in listed if one["message_id"] == message]

    [letter] = awaited(dead, "the dead letter")
    assert letter["reason"] == "BadEnvelope: not a JSON object"
    assert json.loads(deployment.command("dead-letters", "show", "billing", message).stdout)[0]["payload"] == "null"
    for service in ("billing", "parts", "crm"):
        assert deployment.command("dead-letters", "replay", service, message).returncode == 0
    [again] = awaited(dead, "it to be dead again")
    assert again["parked_at"] == letter["parked_at"]


def test_a_lost_binding_is_found_by_reconcile_and_healed_by_republish(deployment: Deployment) -> None:
    """The follow-up is missing, said with the event's id; after topology and republish everything is there, once."""
    at = opened(deployment.base_url, "wx-binhu")
    visit = Visit(at, vin=VIN, plate="苏B·00001")
    for done in visit.steps():
        if done == "checked":
            break
    with kombu.Connection(deployment.amqp_uri) as connection, connection.channel() as channel:
        channel.queue_unbind("crm.schedule_follow_up", "workshop.events", "work_order.delivered")
    visit.deliver()
    awaited(visit.billed, "the delivery to be billed")
    found = deployment.command("reconcile", "--dealer", "wx-binhu", "--json")
    assert found.returncode == 1
    [finding] = json.loads(found.stdout)
    assert (finding["invariant"], "0 times: follow-up" in finding["what"]) == ("I1", True)
    assert deployment.command("reconcile", "--dealer", "wx-binhu", "--since", "2999-01-01").returncode == 0
    assert deployment.command("topology", "crm").returncode == 0
    assert deployment.command("republish", "workshop", finding["event"]).returncode == 0
    awaited(lambda: deployment.command("reconcile", "--dealer", "wx-binhu").returncode == 0, "reconcile to find nothing")
    visit.pay()
    visit.leave()
    settled = deployment.command("reconcile", "--dealer", "wx-binhu", "--all", "--json")
    assert [one for one in json.loads(settled.stdout) if one["invariant"] != "I7"] == []
