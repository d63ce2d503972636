"""URIs in the words of the libraries that take no URI."""

from typing import Any
from urllib.parse import unquote, urlsplit


def amqp_arguments(uri: str) -> dict[str, Any]:
    """Arguments of py-amqp's Connection."""
    parts = urlsplit(uri)
    return {
        "host": f"{parts.hostname}:{parts.port or 5672}",
        "userid": unquote(parts.username or "guest"),
        "password": unquote(parts.password or "guest"),
        "virtual_host": unquote(parts.path.removeprefix("/")) or "/",
        "heartbeat": 0,
    }


def port_of(url: str, default: int) -> int:
    """The port a URL leads to."""
    return urlsplit(url).port or default
