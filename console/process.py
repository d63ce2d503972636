"""The console as a part of an operating-system process: it listens, tells how it is, and drains before it stops."""

import eventlet
import structlog

from chassis.process import tracing
from chassis.process.metrics import HttpMetrics
from chassis.process.probes import Probes
from chassis.process.server import Server
from console.app import build_app
from console.desk import Parts
from console.settings import NAME, ConsoleSettings

log = structlog.get_logger()

LOOK_SECONDS = 1.0


class Console:
    """Serves the console from `start` to `stop`.

    It is ready from when it has reached the gateway for the first time: a wrong address shows at once. Later a gateway that is
    away leaves it ready, for then it is the console that tells people so and keeps what they typed.
    """

    def __init__(self, settings: ConsoleSettings) -> None:
        self._settings = settings
        tracing.start(settings.span_collector)
        metrics = HttpMetrics(NAME)
        app = build_app(settings, metrics)
        parts: Parts = app.extensions["parts"]
        self._gateway = parts.gateway
        self._live = parts.live
        self._server = Server(app, settings.http_address, connections=settings.connections)
        self._probes = Probes(settings.probe_address, metrics)
        self._probes.register_liveness("http", self._check_server)
        self._probes.register_readiness("gateway", self._check_reached)
        self._looking: eventlet.greenthread.GreenThread | None = None
        self._reached = False

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that are listened on."""
        return self._server.address

    @property
    def probe_address(self) -> str:
        """Where the probes are served."""
        host, port = self._probes.address or ("", 0)
        return f"{host}:{port}"

    def start(self) -> None:
        """Listen. Raises SettingsError when an address cannot be used."""
        self._server.start()
        self._probes.start()
        self._looking = eventlet.spawn(self._look)
        log.info("console_started", service=NAME, gateway=self._settings.gateway_url)

    def stop(self) -> None:
        """Take no more, finish what runs, leave."""
        if self._looking is None:
            return  # it never started, or has stopped already
        self._looking.kill()
        self._looking, self._reached = None, False
        self._live.close()
        self._server.stop(self._settings.drain_seconds)
        self._probes.stop()
        tracing.flush()
        log.info("console_stopped", service=NAME)

    def _look(self) -> None:
        while not self._gateway.answers():
            eventlet.sleep(LOOK_SECONDS)
        self._reached = True

    def _check_server(self) -> None:
        if not self._server.accepts:
            raise RuntimeError("nobody is let in any more")

    def _check_reached(self) -> None:
        if not self._reached:
            raise RuntimeError(f"{self._settings.gateway_url} was not reached yet")
