"""The faults that every test run withstands: a relay killed at its worst moment, one key fifty times."""

from typing import Any

import eventlet
from eventlet import GreenPool

from chassis.wire.ids import new_id
from deploy.local.desk import delivery
from tests.faults.world import MakeFault

AT_ONCE = 50


def test_a_relay_killed_between_publish_and_mark(make_fault: MakeFault) -> None:
    """The next leader publishes the same facts under the same ids, and every effect is there once."""
    with make_fault("relay killed between publish and mark", 240) as fault:
        work = fault.world.ready(8)
        doomed = fault.fleet.arm("workshop", "relay_after_publish")
        fault.serve(work, over=3)
        fault.inject(fault.fleet.fallen(doomed))


def test_fifty_requests_under_one_key(make_fault: MakeFault) -> None:
    """One effect, fifty times the same answer; the same key with another body is refused as 422."""
    with make_fault("50 concurrent requests with one key", 180) as fault:
        [(desk, order)] = fault.world.ready(1)
        fault.orders.append(order)
        headers = {"Idempotency-Key": new_id(), "If-Match": f'"{order.state["version"]}"'}
        path, signed = f"/work-orders/{order.id}/deliver", desk.seen(order, "deliver", delivery())
        assert signed is not None

        def ask(_: int) -> tuple[int, Any]:
            while True:
                answer = desk.client.once("POST", path, json=signed, headers=headers)
                if answer.status_code < 500:
                    return answer.status_code, answer.json()
                eventlet.sleep(0.2)

        answers = list(GreenPool(AT_ONCE).imap(ask, range(AT_ONCE)))
        fault.inject(AT_ONCE)
        assert {status for status, _ in answers} == {200}
        order.state = answers[0][1]
        order.deliveries[1] = "delivered"
        assert all(state == order.state for _, state in answers)
        other = desk.client.once("POST", path, json={**signed, "signature": {"means": "typed", "name": "李强"}}, headers=headers)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
        fault.result.answered += 1
