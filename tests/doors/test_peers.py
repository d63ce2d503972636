"""Wrong passwords are counted by the real client's address: behind a trusted console, and whatever a direct client claims."""

import pytest

from gateway.http.table import Table
from tests.doors.house import LINK_TOKEN, ROWS, House
from tests.doors.test_tokens import PASSWORD, furnished

CONSOLE, NEIGHBOUR = "10.1.0.7", "10.2.0.9"
FEW = Table([row for row in ROWS if row.path.endswith("/work-orders")])


@pytest.fixture
def house(tmp_path) -> House:
    """A house that lets three wrong passwords of a login pass, and trusts the console's network."""
    return furnished(House(str(tmp_path), FEW, LOGIN_FAILURES="3/minute", TRUSTED_PROXIES="10.1.0.0/16, ::1"))


def _try(house: House, peer: str, password: str, forwarded_for: str | None = None) -> int:
    headers = {} if forwarded_for is None else {"X-Forwarded-For": forwarded_for}
    asked = {"grant_type": "password", "username": "wang", "password": password}
    client = house.app.test_client()
    return client.post("/v1/tokens", data=asked, headers=headers, environ_overrides={"REMOTE_ADDR": peer}).status_code


def _lock_out(house: House, peer: str, *forwarded_for: str | None) -> list[int]:
    return [_try(house, peer, "wrong", one) for one in forwarded_for]


def test_one_client_of_the_console_does_not_lock_out_another(house: House) -> None:
    """Each is counted by its own address, though all come from the console's."""
    assert _lock_out(house, CONSOLE, *["203.0.113.5"] * 4) == [401, 401, 401, 429]
    assert _try(house, CONSOLE, PASSWORD, "203.0.113.5") == 429
    assert _try(house, CONSOLE, PASSWORD, "203.0.113.6") == 200
    assert _try(house, "203.0.113.5", PASSWORD) == 429  # the same person without the console


def test_a_client_of_the_console_cannot_say_it_is_another_each_time(house: House) -> None:
    """What it wrote into the header stands left of what the console wrote behind it."""
    claims = [f"198.51.100.{number}, 203.0.113.5" for number in range(4)]
    assert _lock_out(house, CONSOLE, *claims) == [401, 401, 401, 429]


def test_a_direct_client_cannot_say_it_is_another_each_time(house: House) -> None:
    """Nor that it comes through the console: its own address is what counts, and nobody else is locked out by it."""
    claims = [f"198.51.100.{number}" for number in range(2)] + [f"198.51.100.{number}, {CONSOLE}" for number in range(2)]
    assert _lock_out(house, NEIGHBOUR, *claims) == [401, 401, 401, 429]
    assert _try(house, "198.51.100.0", PASSWORD) == 200


def test_each_address_has_its_own_share_of_what_links_lead_to(tmp_path) -> None:
    """Rule W8: whatever link is tried, and whether there is one or not; somebody else's phone is not held up."""
    linked = next(row for row in ROWS if row.path.endswith("/linked"))
    house = House(str(tmp_path), Table([linked]), RATE_PER_VISITOR="2/minute", TRUSTED_PROXIES="10.1.0.0/16")

    def tried(token: str, address: str) -> int:
        headers = {"X-Forwarded-For": address, "Authorization": f"Bearer {token}"}
        asked = house.app.test_client().get(
            linked.path.replace("{dealer}", "sh-pudong"), headers=headers, environ_overrides={"REMOTE_ADDR": CONSOLE}
        )
        return asked.status_code

    assert [tried(token, "203.0.113.5") for token in ("x", LINK_TOKEN, LINK_TOKEN)] == [404, 200, 429]
    assert tried(LINK_TOKEN, "203.0.113.6") == 200
