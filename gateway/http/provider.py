"""The HTTP server as a part of the gateway's nameko container: it starts with it and drains before it stops."""

import os
from threading import Event

from nameko.extensions import DependencyProvider

from chassis.amqp.overhearing import Overhearing
from chassis.process.server import Server
from chassis.rpc.client import RpcCaller
from chassis.service.entrypoints import Chassis
from chassis.work.executor import Executor
from gateway.evidence.settings import EvidenceSettings
from gateway.evidence.sweeping import Sweeper
from gateway.http.app import Interior, build_app
from gateway.http.settings import HttpSettings
from gateway.http.streaming import Streams
from gateway.http.table import services


class HttpInterface(DependencyProvider):  # type: ignore[misc]  # nameko ships no types
    """Serves HTTP on `HTTP_ADDRESS` while the container runs.

    It owns its line to the services: nameko stops all dependencies of a container at once, but requests that are being finished
    still need theirs.
    """

    server: Server | None = None
    _caller: RpcCaller
    _streams: Streams
    _listener: Overhearing
    _over: Event

    def start(self) -> None:
        """Build the application and listen. Raises SettingsError naming the variable that is wrong."""
        executor = self._executor
        settings = HttpSettings.read(os.environ)
        caller = RpcCaller(executor.settings.amqp_uri, executor.settings.service, heartbeat=executor.settings.heartbeat)
        evidence = EvidenceSettings.read(os.environ)
        store = evidence.open()
        interior = Interior(executor, self.container.service_cls, caller, settings, store, evidence.dealer_bytes)
        server = Server(build_app(interior), executor.settings.http_address, connections=settings.connections)
        server.start()
        caller.start()
        listener = interior.feed.listen(executor.settings, [*services(), "gateway"])
        self.container.spawn_managed_thread(listener.run)
        self._over = Event()
        self.container.spawn_managed_thread(lambda: Sweeper(caller, executor, store).run(self._over))
        self.server, self._caller, self._streams, self._listener = server, caller, interior.streams, listener

    def stop(self) -> None:
        """Take no more requests and finish those that run, then cut the line to the services."""
        self._stop(self._executor.settings.drain_seconds)

    def kill(self) -> None:
        """Stop at once: the container is dying."""
        self._stop(0)

    def _stop(self, drain_seconds: float) -> None:
        if self.server is not None:
            self._streams.close()
            self._listener.stop(0)
            self._over.set()
            self.server.stop(drain_seconds)
            self._caller.stop()
            self.server = None

    @property
    def _executor(self) -> Executor:
        # All dependencies are set up before any is started: the chassis has its executor by now.
        chassis: Chassis = next(one for one in self.container.dependencies if isinstance(one, Chassis))
        return chassis.runtime.executor
