"""The whole suite with the console before it, and people who have opened it in their browsers."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2

from bench.arms.ours import Deployment
from bench.arms.worker import OUT
from bench.data.mixes import MIXES
from bench.data.sandbox import Sandbox
from bench.fleet.installation import SERVICES
from chassis.wire.ids import new_id
from deploy.dev.processes import wait_until
from deploy.dev.state import free_port
from deploy.local.fleet import START_SECONDS, Fleet, Replica
from deploy.local.installation import PASSWORD, Installation
from gateway.account.session import hashed, new_handle
from servicelane.client import Client

READERS = ["workshop_manager"]
"""The roles of those who have a board open."""


class Front:
    """One process of each service and one of the console, on a deployment of their own with 50 dealers; with `against`, a second
    console of that checkout.
    """

    def __init__(self, sandbox: Sandbox, against: Path | None = None) -> None:
        self.mix = MIXES["dealers"]
        self.deployment = Deployment(sandbox, self.mix, "console")
        # Each browser has an address of its own, which the console says, and the gateway believes it.
        self.deployment.environment |= {"TRUSTED_PROXIES": "127.0.0.1", "GATEWAY_LOG_LEVEL": "INFO", "CONSOLE_LOG_LEVEL": "INFO"}
        self._fleet = Fleet(self.deployment, SERVICES, replicas=1, seed="console")
        self.gateway = self._fleet.addresses[0]
        self.console, self.other = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}" if against else ""
        self._against = against
        self._consoles: list[Replica] = []
        self.told = {name: Told(OUT / f"{name}.log") for name in ("gateway-a", "console-a", "console-b")}

    def open(self) -> Client:
        """Start everything; the administrator."""
        self._fleet.restore()
        self._start(self.console, self.deployment)
        if self._against:
            self._start(self.other, Installation(self.deployment.environment, OUT, self._against))
        return Client.sign_in(self.gateway, "admin", PASSWORD)

    def _start(self, address: str, installation: Installation) -> None:
        settings = {"gateway_url": self.gateway, "http_address": address, "secure_cookie": "NO", "rate_per_client": "1000/second"}
        new = Replica(installation, "console", len(self._consoles), **settings)
        self._consoles.append(new)
        wait_until(lambda: new.ready, "the console to be ready", seconds=START_SECONDS)

    def groups(self) -> dict[str, list[int]]:
        """The processes by name, for counting processor time."""
        return {one.name: [one.pid] for one in (*self._fleet.replicas, *self._consoles)}

    def readers(self, admin: Client, each: int) -> list[tuple[str, str]]:
        """So many sessions at each dealer: dealer and handle. Signing in is not what is measured."""
        for dealer in self.mix.dealers:
            here = [{"dealer": dealer, "roles": READERS}]
            admin.post("/accounts", {"login": f"{dealer}.foreman", "name": "班长", "password": PASSWORD, "dealers": here})
        opened, now = [], datetime.now(UTC)
        with closing(psycopg2.connect(self.deployment.urls["gateway"])) as connection, connection, connection.cursor() as cursor:
            for dealer in self.mix.dealers:
                for _ in range(each):
                    handle = new_handle()
                    cursor.execute(
                        "INSERT INTO session (id, account_id, handle_hash, created_at, last_used_at, expires_at)"
                        " SELECT %s, id, %s, %s, %s, %s FROM account WHERE login = %s",
                        [new_id(), hashed(handle), now, now, now + timedelta(hours=12), f"{dealer}.foreman"],
                    )
                    opened.append((dealer, handle))
        return opened

    def close(self) -> None:
        """End every process."""
        for console in self._consoles:
            console.kill()
        self._fleet.stop()


class Told:
    """What a process logs of the requests it answered, since it was asked the last time."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._at = log.stat().st_size if log.exists() else 0

    def requests(self) -> Sequence[dict[str, Any]]:
        """Each of them; of a process that does not run, none."""
        return [one for one in self._lines() if one.get("event") in ("http_answered", "page_answered")]

    def _lines(self) -> Iterator[dict[str, Any]]:
        if not self._log.exists():
            return
        with self._log.open("rb") as log:
            log.seek(self._at)
            for line in log:
                if not line.endswith(b"\n"):
                    return  # it is being written
                self._at += len(line)
                if line.startswith(b"{"):
                    yield json.loads(line)
