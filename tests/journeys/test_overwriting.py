"""What overwrites or removes asks what was seen: every PUT and DELETE of the route table, on the running suite.

428 without If-Match, 412 with a stale one, done with the ETag that a read of the thing showed. What a PUT creates needs none.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.wire.ids import new_id
from deploy.local.installation import PASSWORD
from gateway.http.table import Row, Table
from servicelane.client import Client, awaited
from servicelane.dealership import open_dealership, open_group
from servicelane.visit import Visit
from tests.deployment import Embedded

OVERWRITING = [row for row in Table.of_contracts().rows if row.route.method in ("PUT", "PATCH", "DELETE")]
DEALER = "nj-jianye"


class World:
    """A dealership with an order, and what its PUTs and DELETEs are about."""

    def __init__(self, base_url: str) -> None:
        self.admin = Client.sign_in(base_url, "admin", PASSWORD)
        open_group(self.admin)
        self.at = open_dealership(self.admin, base_url, dealer=DEALER, name="Jianye", password=PASSWORD)
        self.visit = Visit(self.at, vin="LSVAA49J132047371", plate="苏A·00001")
        self.visit.book()
        self.appointment = f"/appointments/{self.visit.appointment['id']}"
        another = Visit(self.at, vin="1M8GDM9AXKP042788", plate="苏A·00002")
        another.book()
        another.receive()
        another.open()
        self.order, self.lines = another.path, another.order["lines"]

    @property
    def manager(self) -> Client:
        """May do whatever anyone at the dealer may."""
        return self.at.manager


@pytest.fixture(scope="module")
def world(embedded: Embedded) -> World:
    """The dealership, once for all routes."""
    return World(embedded.base_url)


def _as_read(*names: str, **changed: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda seen: {**{name: seen[name] for name in names}, **changed}


PRICE = {"price": {"amount": "99.00", "currency": "CNY"}}
PARTY = {"party": {"name": "Volkswagen AG"}}
PRINCIPAL = ("name", "active", "dealers", "group_roles")
DAY = (date.today() + timedelta(days=30)).isoformat()


def _account(world: World) -> tuple[str, str]:
    [one] = [one for one in world.admin.get("/accounts", limit=200)["items"] if one["login"] == f"{DEALER}.clerk"]
    return (f"/accounts/{one['id']}",) * 2


def _api_client(world: World) -> tuple[str, str]:
    made = world.admin.post("/api-clients", {"client_id": f"erp-{new_id()}", "name": "ERP", "secret": "s" * 40})
    return (f"/api-clients/{made['id']}",) * 2


def _tax_rate(world: World) -> tuple[str, str]:
    made = world.manager.once("PUT", f"/tax-rates/{DAY}", json={"rate": "9"})
    assert (made.status_code, made.json()["version"]) == (201, 1), made.text  # creating needs no If-Match
    stale = world.manager.once(
        "PUT", f"/tax-rates/{date.today() + timedelta(days=31)}", json={"rate": "9"}, headers={"If-Match": '"1"'}
    )
    assert stale.status_code == 412  # a version of nothing
    return (f"/tax-rates/{DAY}",) * 2


def _line(world: World) -> tuple[str, str]:
    return f"{world.order}/lines/{world.lines[-1]['line_id']}", world.order


def _of(path: str, shown: str | None = None) -> Callable[[World], tuple[str, str]]:
    return lambda world: (path.format(world=world), (shown or path).format(world=world))


def _supplier(world: World) -> tuple[str, str]:
    return (f"/suppliers/{world.at.clerk.get('/suppliers')['items'][0]['id']}",) * 2


def _purchase_order(world: World) -> tuple[str, str]:
    [supplier] = world.at.clerk.get("/suppliers")["items"]
    lines = [{"part_number": "WIPER-24", "quantity": "10"}]
    made = world.at.clerk.post("/purchase-orders", {"supplier_id": supplier["id"], "lines": lines})
    return (f"/purchase-orders/{made['id']}",) * 2


def _part(world: World) -> tuple[str, str]:
    return (f"/parts/{world.at.stock('OIL-5W30')['id']}",) * 2


Place = tuple[Callable[[World], tuple[str, str]], Callable[[dict[str, Any]], dict[str, Any]] | None]

CALENDAR = _as_read("opening", "capacity")
PART = _as_read("name_zh", "name_en", "unit", "list_price", "source", "abc_class", "hazardous", "successor")
VEHICLE = _as_read("customer_id", "vin", "plate", "make", "model")
CARE = _as_read("vin_check", "follow_up_day", "follow_up_time", "follow_up_due_day", "follow_up_breach_day")
PLACES: dict[str, Place] = {
    "SetPayerParties": (_of("/payer-parties"), _as_read("parties")),
    "SetTaxRate": (_tax_rate, _as_read("rate")),
    "SetCalendar": (_of("/calendar"), CALENDAR),
    "AmendAppointment": (_of("{world.appointment}"), _as_read(complaint="louder")),
    "ChangeCustomer": (_of("/customers/{world.visit.appointment[customer][customer_id]}"), _as_read("name", "phone")),
    "ChangeVehicle": (_of("/vehicles/{world.visit.appointment[vehicle][vehicle_id]}"), VEHICLE),
    "ChangeCrmSettings": (_of("/crm-settings"), CARE),
    "ChangeDealer": (_of(f"/dealers/{DEALER}"), _as_read("name", "time_zone", "locale", "tax_mode")),
    "ChangeAccount": (_account, _as_read(*PRINCIPAL, "locale")),
    "ChangeApiClient": (_api_client, _as_read(*PRINCIPAL)),
    "ChangePart": (_part, PART),
    "SetPurchasingSettings": (_of("/purchasing-settings"), _as_read("clerk_limit")),
    "SetStocktakingSettings": (_of("/stocktaking-settings"), _as_read("clerk_limit", "a_days")),
    "RedraftPurchaseOrder": (_purchase_order, lambda seen: {"lines": [{"part_number": "WIPER-24", "quantity": "20"}]}),
    "ChangeSupplier": (_supplier, _as_read("name_zh", "name_en", "lead_time_days")),
    "RemoveLine": (_line, None),
    "NamePayer": (_of("{world.order}/payers/warranty", "{world.order}"), _as_read(**PARTY)),
    "UnnamePayer": (_of("{world.order}/payers/warranty", "{world.order}"), None),
    "SetWorkshopSettings": (_of("/workshop-settings"), _as_read("labour_rate", "call_threshold", "payer_rates", "bays")),
    "SetReceptionSettings": (_of("/reception-settings"), _as_read("lane_positions", "alert_cars", "warranties")),
    "SetLegSettings": (_of("/leg-settings"), _as_read("intervals")),
    "SetDeliverySettings": (_of("/delivery-settings"), _as_read("slot_minutes", "cars", "intervals", "peaks")),
    "SetFileSettings": (_of("/file-settings"), _as_read("mandatory", "keep_years", "record_hours")),
    "SetTeamSettings": (
        _of("/team-settings"),
        _as_read("certificate_notice_days", "finishing_minutes", "reserve_minutes", "report_minutes"),
    ),
    "SetMenuPrice": (_of("/menu-prices/MNT-OIL", "/workshop-settings"), _as_read(**PRICE)),
    "RemoveMenuPrice": (_of("/menu-prices/MNT-OIL", "/workshop-settings"), None),
}
"""Of every request: where it is made and where what it is about is read; and what it says, made of what was read."""


def _name(row: Row) -> str:
    return row.route.request.__name__


@pytest.mark.parametrize("row", OVERWRITING, ids=_name)
def test_nothing_is_overwritten_that_was_not_seen(world: World, row: Row) -> None:
    """A new PUT or DELETE without a place here fails."""
    where, body_of = PLACES[_name(row)]
    client = world.admin if row.route.scope == "group" else world.manager
    path, shown = where(world)
    seen = awaited(lambda: client.once("GET", shown), shown)
    assert seen.ok, seen.text
    said = {"json": body_of(seen.json())} if body_of is not None else {}

    def ask(tag: str | None) -> Any:
        answer = client.once(row.route.method, path, headers={} if tag is None else {"If-Match": tag}, **said)
        return answer.status_code, answer.json().get("code", answer.text)

    assert ask(None) == (428, "if_match_missing")
    assert ask('"999"') == (412, "version_is_stale")
    tag = seen.headers["ETag"]
    done, what = ask(tag)
    assert done in (200, 204), what
    if row.route.method == "PUT":
        assert ask(tag) == (412, "version_is_stale")
        assert ask(client.once("GET", shown).headers["ETag"])[0] == 200


def test_every_place_is_of_a_route() -> None:
    """None is left of a route that went."""
    assert PLACES.keys() == {_name(row) for row in OVERWRITING}
