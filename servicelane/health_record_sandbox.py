"""A receiver of electronic health records (Rule W32) to try things with: a real HTTP server that keeps them in memory.

POST /records   a record as JSON, under its business key: 201; the same again: 200; what it refuses: 422 with `reason`
GET  /records   what it has, by key
POST /control   {"down": true}: 503 to every record; {"refuse": {"<VIN>": "<reason>"}}: these cars' records are refused;
                {"slow": 10}: so many seconds pass before a record is answered
"""

import json
import re
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, Self

VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
MOST_BYTES = 1_000_000
WANTED: Mapping[str, type] = {
    "business_key": str,
    "dealer": str,
    "work_order_id": str,
    "revision": int,
    "vin": str,
    "plate": str,
    "closed_at": str,
    "faults": list,
    "operations": list,
    "parts": list,
}
VERSION = 1


class HealthRecordSandbox:
    """The server, while the block lasts; `url` is what HEALTH_RECORD_URL is to say, port 0 any that is free."""

    def __init__(self, port: int = 0, *, down: bool = False) -> None:
        self.records: dict[str, dict[str, Any]] = {}
        self.received: list[str] = []
        """The key of every record that was sent, as often as it was, also while the server was down."""
        self.down = down
        self.refuse: dict[str, str] = {}
        self.slow = 0.0
        self._lock = Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/records"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self) -> None:
        """Answer until the process is interrupted."""
        try:
            self._server.serve_forever()
        finally:
            self._server.server_close()

    def receive(self, record: Any, key: str | None) -> tuple[int, dict[str, Any]]:
        """What is answered to a record, and its status."""
        with self._lock:
            self.received.append(key or "")
            if self.down:
                return 503, {"reason": "down"}
            wrong = self._wrong(record, key)
            if wrong is not None:
                return 422, {"reason": wrong}
            known = self.records.get(record["business_key"])
            if known is None:
                self.records[record["business_key"]] = record
                return 201, {"business_key": record["business_key"]}
            if known != record:
                return 422, {"reason": "another record under this key"}
            return 200, {"business_key": record["business_key"]}

    def control(self, told: Any) -> tuple[int, dict[str, Any]]:
        """Be down or up, refuse some cars or none."""
        with self._lock:
            self.down = bool(told.get("down", self.down))
            self.refuse = dict(told.get("refuse", self.refuse))
            self.slow = float(told.get("slow", self.slow))
            return 200, {"down": self.down, "refuse": self.refuse, "slow": self.slow}

    def _wrong(self, record: Any, key: str | None) -> str | None:
        if not isinstance(record, dict) or record.get("schema_version") != VERSION:
            return f"not a record of version {VERSION}"
        for name, kind in WANTED.items():
            if not isinstance(record.get(name), kind):
                return f"{name} is missing"
        if key != record["business_key"]:
            return "Idempotency-Key is not the business key"
        if record["business_key"] != f"{record['dealer']}:{record['work_order_id']}:{record['revision']}":
            return "the business key is not dealer:order:revision"
        if not VIN.fullmatch(record["vin"]):
            return "vin is no VIN"
        return self.refuse.get(record["vin"])


def _handler(sandbox: HealthRecordSandbox) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            self._answer(*((200, sandbox.records) if self.path == "/records" else (404, {})))

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if length > MOST_BYTES:
                self._answer(413, {"reason": "too large"})
                return
            try:
                told = json.loads(self.rfile.read(length))
            except ValueError:
                self._answer(400, {"reason": "not JSON"})
                return
            if self.path == "/records":
                said = sandbox.receive(told, self.headers.get("Idempotency-Key"))
                time.sleep(sandbox.slow)
                self._answer(*said)
            elif self.path == "/control" and isinstance(told, dict):
                self._answer(*sandbox.control(told))
            else:
                self._answer(404, {})

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class calls it so
            pass

        def _answer(self, status: int, said: dict[str, Any]) -> None:
            body = json.dumps(said, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
