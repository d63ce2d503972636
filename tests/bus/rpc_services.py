"""A service to be called, and what a test looks at on the way to it."""

import eventlet
import nameko
from kombu import Queue

from chassis.process.metrics import Metrics
from chassis.rpc.server import RpcMethod
from chassis.wire.call import Call
from chassis.wire.errors import Refused, ServiceError
from chassis.wire.replayed import Replayed

method = RpcMethod.decorator(expected_exceptions=(ServiceError,))

ADVISOR = Call(dealer="sh-01", principal="user:7", actor="Li", roles=("advisor", "cashier"), idempotency_key="k1", if_match=3)


class Context(nameko.extensions.DependencyProvider):
    """Gives a worker its context."""

    def get_dependency(self, worker_ctx):
        return worker_ctx.context_data


def a_service(unique):
    """A service class of that name; `ran` lists what its methods were given."""

    class Parts:
        name = unique
        context = Context()
        ran = []  # noqa: RUF012  # shared by the workers on purpose
        go_on = eventlet.Event()

        @method
        def ask(self, payload):
            self.ran.append(payload)
            return {"asked": payload}

        @method
        def ask_again(self, payload):
            return Replayed(asked=payload)

        @method
        def who(self, payload):
            return {"call": self.context["call"].to_headers(), "message_id": self.context["message_id"]}

        @method
        def refuse(self, payload):
            raise Refused("not_enough_stock", part="A-1", available=2, wanted="3.5", bins=["R1"], nothing=None)

        @method
        def break_down(self, payload):
            raise KeyError("secret of customer Wang")

        @method
        def hang(self, payload):
            self.ran.append(payload)
            self.go_on.wait()

        @method
        def give_what_no_json_can_hold(self, payload):
            return {"answer": object()}

        @method
        def refuse_with_what_no_json_can_hold(self, payload):
            raise Refused("odd", thing=object())

    return Parts


def request(connection, service, name, body=b'{"args": [], "kwargs": {"payload": 1}}', **properties):
    """Publish a raw request; the RPC queue is there already."""
    channel = connection.channel()
    message = channel.prepare_message(
        body,
        content_type=properties.pop("content_type", "application/json"),
        content_encoding="utf-8",
        headers=properties.pop("headers", {}),
        properties=properties,
    )
    channel.basic_publish(message, exchange="nameko-rpc", routing_key=f"{service}.{name}")


def waiting(connection, service):
    """How many requests are in the service's queue, not delivered to anyone."""
    return Queue(f"rpc-{service}")(connection.channel()).queue_declare(passive=True).message_count


def expired(service):
    """How many calls of the service were dropped unrun."""
    prefix = f'servicelane_rpc_expired_total{{service="{service}"}} '
    [found] = [text for text in Metrics(service).exposition().decode().splitlines() if text.startswith(prefix)]
    return float(found.removeprefix(prefix))
