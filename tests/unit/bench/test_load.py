"""Clients before several gateways do as a proxy does: whoever takes no connection is asked no more."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bench.arms.load import ComeBack, HttpDelivery
from deploy.dev.state import free_port


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def test_a_gateway_that_has_left_is_asked_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its client comes back, to another one."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    here, gone = f"127.0.0.1:{server.server_port}", f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("HTTP_ADDRESS", f"{gone},{here}")
    client = HttpDelivery()
    try:
        with pytest.raises(ComeBack, match="ConnectionRefused"):
            client.request("GET", "/", None, {})
        assert [client.request("GET", "/", None, {})[0] for _ in range(3)] == [200, 200, 200]
        assert list(client._addresses) == [here]
    finally:
        server.shutdown()
        server.server_close()
