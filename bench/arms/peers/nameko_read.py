"""The read behind nameko's own RPC: the gateway's application and the workshop's query as they are, nameko's defaults in between.

    python -m bench.cooperative bench.arms.peers.nameko_read gateway|workshop      # the environment of `servicelane run`

On the gateway's side nameko's ClusterRpc takes the place of our RpcCaller, on the workshop's side
nameko's @rpc that of our service.
"""

import os
import sys
from typing import Any

from nameko import config
from nameko.extensions import DependencyProvider
from nameko.runners import ServiceRunner

from bench.cooperative import lines
from chassis.process.settings import Settings
from chassis.wire.call import Call
from chassis.work.executor import Executor
from contracts.workshop.order import GetWorkOrder


class WorkshopCore(DependencyProvider):
    """The executor on the workshop's database."""

    def setup(self) -> None:
        """Connect."""
        self._executor = Executor(Settings.read("workshop", os.environ))

    def get_dependency(self, worker_ctx: Any) -> tuple[Executor, Any]:
        """The executor, and what the caller sent along."""
        return self._executor, worker_ctx.data.get("call", {})


def workshop() -> type:
    """The workshop's query behind nameko's @rpc."""
    from nameko.rpc import rpc  # noqa: PLC0415  # nameko reads its configuration when these classes are made

    from services.workshop.service import WorkshopService  # noqa: PLC0415

    class PlainWorkshop:
        name = "workshop"
        executor = WorkshopCore()

        @rpc
        def get_work_order(self, payload: dict[str, Any]) -> Any:
            executor, headers = self.executor
            return executor.ask(GetWorkOrder, WorkshopService.use_case(GetWorkOrder), payload, Call.from_headers(headers))

    return PlainWorkshop


def gateway() -> type:
    """The gateway over nameko's ClusterRpc."""
    from nameko.rpc import Client, ClusterRpc  # noqa: PLC0415  # nameko reads its configuration when these classes are made

    from chassis.process.server import Server  # noqa: PLC0415
    from chassis.service.entrypoints import Chassis  # noqa: PLC0415
    from gateway.evidence.settings import EvidenceSettings  # noqa: PLC0415
    from gateway.http.app import Interior, build_app  # noqa: PLC0415
    from gateway.http.settings import HttpSettings  # noqa: PLC0415
    from gateway.service import GatewayService  # noqa: PLC0415

    class NamekoInterface(ClusterRpc):
        def start(self) -> None:
            chassis: Chassis = next(one for one in self.container.dependencies if isinstance(one, Chassis))
            executor, settings = chassis.runtime.executor, HttpSettings.read(os.environ)
            evidence = EvidenceSettings.read(os.environ)
            store, most = evidence.open(), evidence.dealer_bytes
            app = build_app(Interior(executor, self.container.service_cls(), self, settings, store, most))
            Server(app, executor.settings.http_address, connections=settings.connections).start()

        def call(self, service: str, method: str, payload: dict[str, Any], call: Call, timeout: float) -> Any:
            client = Client(self.publisher.publish, self.reply_listener.register_for_reply, {"call": call.to_headers()})
            return getattr(getattr(client, service), method)(payload=payload)

    class NamekoGateway(GatewayService):
        __module__ = GatewayService.__module__  # where its migrations are
        name = "gateway"
        http = NamekoInterface()

    return NamekoGateway


def main() -> None:
    """Run one of the two until the harness ends the process."""
    name = sys.argv[1]
    settings = Settings.read(name, os.environ)
    config.setup({"AMQP_URI": settings.amqp_uri, "max_workers": settings.workers})
    runner = ServiceRunner()
    runner.add_service({"gateway": gateway, "workshop": workshop}[name]())
    runner.start()
    sys.stdout.write('{"ready": true}\n')
    sys.stdout.flush()
    for _ in lines():
        pass
