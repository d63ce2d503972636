"""Whose address a request comes from: nobody who is not trusted can say it."""

from ipaddress import ip_network

import pytest

from chassis.process.peers import client_of

TRUSTED = tuple(ip_network(one) for one in ("10.0.0.7", "192.168.4.0/24", "fd00::/8"))

CASES = {
    "nobody between": ("203.0.113.5", "", "203.0.113.5"),
    "a direct client that says it is another": ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
    "a direct client that says it came through the console": ("203.0.113.5", "198.51.100.1, 10.0.0.7", "203.0.113.5"),
    "a neighbour of the console": ("10.0.0.8", "198.51.100.1", "10.0.0.8"),
    "a client of the console": ("10.0.0.7", "203.0.113.5", "203.0.113.5"),
    "a client of the console that says it is another": ("10.0.0.7", "198.51.100.1, 203.0.113.5", "203.0.113.5"),
    "a client of the console that names the console": ("10.0.0.7", "198.51.100.1, 10.0.0.7, 203.0.113.5", "203.0.113.5"),
    "two trusted proxies": ("192.168.4.9", "198.51.100.1, 203.0.113.5, 10.0.0.7", "203.0.113.5"),
    "the console itself": ("10.0.0.7", "", "10.0.0.7"),
    "one trusted proxy behind another": ("10.0.0.7", "192.168.4.9", "192.168.4.9"),
    "IPv6": ("fd00::1", "2001:db8::5", "2001:db8::5"),
    "an IPv4 peer on an IPv6 socket": ("::ffff:10.0.0.7", "::ffff:203.0.113.5", "203.0.113.5"),
    "what is no address": ("10.0.0.7", "198.51.100.1, unknown", "10.0.0.7"),
    "what is no address, further left": ("10.0.0.7", "unknown, 203.0.113.5", "203.0.113.5"),
    "an empty hop": ("10.0.0.7", "198.51.100.1,", "10.0.0.7"),
    "a peer without an address": ("", "198.51.100.1", ""),
}


@pytest.mark.parametrize("case", CASES)
def test_the_nearest_address_that_is_no_trusted_proxys_counts(case: str) -> None:
    """From the right, and only as long as those who vouch are trusted."""
    peer, forwarded_for, client = CASES[case]
    assert client_of(peer, forwarded_for, TRUSTED) == client


def test_without_trusted_proxies_only_the_peer_counts() -> None:
    """Whatever the header says."""
    assert client_of("10.0.0.7", "203.0.113.5", ()) == "10.0.0.7"
