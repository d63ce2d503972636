"""Commands whose caller has given up."""

import time

import pytest

from chassis.rpc.client import RpcCaller
from chassis.wire.call import Call
from chassis.wire.errors import DeadlineExceeded
from chassis.wire.ids import new_id
from contracts import roles
from deploy.local.desk import delivery
from tests.faults.world import MakeFault
from tests.waiting import awaited

pytestmark = pytest.mark.long


def test_an_expired_command_that_was_prefetched(make_fault: MakeFault) -> None:
    """It lies in the hands of a frozen process until its caller has given up; when the process wakes up, it drops it."""
    with make_fault("an expired command, already prefetched", 180) as fault:
        work = fault.world.ready(6)
        frozen = fault.fleet.of("workshop")
        signed = {order.id: desk.seen(order, "deliver", delivery()) or {} for desk, order in work}
        caller = RpcCaller(fault.bus.uri, "late")
        caller.start()
        try:
            for replica in frozen:
                replica.freeze()
            for desk, order in work:
                call = Call(
                    dealer=desk.dealer,
                    principal="late",
                    actor="late",
                    roles=(roles.SERVICE_MANAGER,),
                    idempotency_key=new_id(),
                    if_match=order.state["version"],
                )
                started = time.monotonic()
                with pytest.raises(DeadlineExceeded):
                    caller.call(
                        "workshop", "deliver_work_order", {"work_order_id": order.id, **signed[order.id]}, call, timeout=1.0
                    )
                assert time.monotonic() - started < 2
                fault.inject()
            for replica in frozen:
                replica.thaw()
            awaited(lambda: all(one.ready for one in frozen), "workshop to be ready again")
        finally:
            caller.stop()
        orders = [order for _, order in work]
        assert fault.proof.verdict(orders).findings == [], "a command ran although its caller had given up"
        fault.serve(work)
