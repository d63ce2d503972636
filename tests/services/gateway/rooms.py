"""Gateway and workshop on their own databases, with a store between them and no bus: `python -m` it attaches one photo.

As a process of its own it can be killed at a named point: `rooms.py FOLDER KEY ORDER [POINT]`.
"""

import io
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image

from chassis.process import crash
from chassis.process.clock import ManualClock
from chassis.process.settings import Settings
from chassis.store.migrations import migrate
from chassis.wire.call import Call
from chassis.wire.ids import new_id
from chassis.wire.messages import Command
from chassis.work.executor import Executor
from contracts.gateway.evidence import AttachFile
from contracts.workshop.evidence import ListAttachments
from gateway.evidence.attaching import Attacher
from gateway.evidence.folder import FolderStore
from gateway.evidence.store import Store
from gateway.evidence.sweeping import Sweeper
from gateway.service import GatewayService
from services.workshop.service import WorkshopService
from tests.services.desk import NOON, Desk

DEALER = "sh-pudong"


class Rooms:
    """Both services, on SQLite files in a folder; calls go straight from one to the other."""

    def __init__(self, folder: Path, *, store: Store | None = None, url: str | None = None) -> None:
        urls = {name: f"sqlite:///{folder}/{name}.sqlite" for name in ("gateway", "workshop")}
        if url is None:
            migrate(GatewayService, urls["gateway"])
        migrate(WorkshopService, urls["workshop"])
        self.clock = ManualClock(NOON)
        self.store = store or FolderStore(folder.absolute() / "attachments")
        self.workshop = Desk(WorkshopService, url=urls["workshop"])
        settings = Settings.read("gateway", {"AMQP_URI": "embedded://", "DATABASE_URL": url or urls["gateway"]})
        self.gateway = Executor(settings, clock=self.clock)
        self.sweeper = Sweeper(self, self.gateway, self.store)
        self._attacher = Attacher(self, self.gateway, self.store, dealer_bytes=1_000_000_000)

    def call(self, service: str, method: str, payload: dict[str, Any], call: Call, timeout: float) -> Any:
        """The workshop's answer."""
        row: Any = getattr(WorkshopService, method)
        if issubclass(row.contract, Command):
            return self.workshop.executor.execute(row.contract, row.use_case, payload, call, new_id())
        return self.workshop.executor.ask(row.contract, row.use_case, payload, call)

    def attach(self, order: str, *, key: str | None = None, colour: str = "red") -> Any:
        """Attach a photo of one colour."""
        out = io.BytesIO()
        Image.new("RGB", (16, 16), colour).save(out, "JPEG")
        file = tempfile.TemporaryFile()  # noqa: SIM115  # closed below
        with file:
            file.write(out.getvalue())
            file.flush()
            call = Call(
                dealer=DEALER,
                principal="account:wang",
                actor="wang",
                idempotency_key=key or new_id(),
                request_hash="the same",
                deadline=time.time() + 60,
            )
            asked = {"work_order_id": order, "kind": "walk_around", "file": "its checksum", "file_name": "door.jpg"}
            return self._attacher.attach(AttachFile.load(asked), file, call)

    def attached(self, order: str) -> list[Any]:
        """What workshop has recorded."""
        items: list[Any] = self.workshop.ask(ListAttachments(work_order_id=order)).items
        return items


if __name__ == "__main__":
    at, with_key, to_order, *point = sys.argv[1:]
    rooms = Rooms(Path(at))
    crash.arm(point[0] if point else None)
    print(rooms.attach(to_order, key=with_key)["id"])  # noqa: T201  # its caller reads it
