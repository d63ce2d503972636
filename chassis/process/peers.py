"""Whose address a request comes from: the peer's, or what a trusted proxy says in X-Forwarded-For.

Every proxy writes the address of its own peer behind what it was sent. So the header is read from its right end, and only as long
as those who vouch for it are trusted: what stands further left may be anybody's invention.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from chassis.process.server import WsgiApp
from chassis.wire.errors import SettingsError

Networks = tuple[IPv4Network | IPv6Network, ...]
_Address = IPv4Address | IPv6Address


def networks(name: str, text: str) -> Networks:
    """The addresses and networks of a setting, separated by commas. Raises SettingsError that names it."""
    try:
        return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise SettingsError(f"{name} must be addresses and networks such as 10.0.0.7, 192.168.4.0/24: {error}") from None


class RealClient:
    """The application, for which REMOTE_ADDR is the client's address; limits of sign-ins count by it."""

    def __init__(self, app: WsgiApp, trusted: Networks) -> None:
        self._app = app
        self._trusted = trusted

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """As WSGI asks."""
        forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
        environ["REMOTE_ADDR"] = client_of(environ.get("REMOTE_ADDR", ""), forwarded, self._trusted)
        return self._app(environ, start_response)


def client_of(peer: str, forwarded_for: str, trusted: Networks) -> str:
    """The nearest address that is no trusted proxy's; what cannot be read ends the walk, at whoever passed it on."""
    address = _read(peer)
    if address is None:
        return peer
    hops = forwarded_for.split(",")
    while hops and any(address in network for network in trusted):
        before = _read(hops.pop())
        if before is None:
            break
        address = before
    return str(address)


def _read(text: str) -> _Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    # Where a socket takes both families, an IPv4 peer is written as ::ffff:10.0.0.7.
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
