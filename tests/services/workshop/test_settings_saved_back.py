"""Who changes one of a dealer's settings sends the others as they were answered: they are taken, and nothing changes."""

from typing import Any

import pytest

from contracts.workshop import certificate, delivery_time, lane, leg_settings, order_file, pricing
from tests.services.workshop.shop import Shop

SETTINGS: list[tuple[Any, Any]] = [
    (lane.GetReceptionSettings, lane.SetReceptionSettings),
    (leg_settings.GetLegSettings, leg_settings.SetLegSettings),
    (certificate.GetTeamSettings, certificate.SetTeamSettings),
    (delivery_time.GetDeliverySettings, delivery_time.SetDeliverySettings),
    (order_file.GetFileSettings, order_file.SetFileSettings),
    (pricing.GetWorkshopSettings, pricing.SetWorkshopSettings),
]


@pytest.mark.parametrize(("asked", "wanted"), SETTINGS)
def test_what_is_answered_is_saved_back(shop: Shop, asked: Any, wanted: Any) -> None:
    """Rules W1 and W29 (Rules W13, W28 and B14, too): a form that shows all of it saves all of it."""
    seen = shop.desk.ask(asked())
    said = {name: value for name, value in seen.dump().items() if name in wanted.__dataclass_fields__}
    shop.desk.do(wanted.load(said), if_match=seen.version)
    saved = shop.desk.ask(asked()).dump()
    assert {name: _in_any_order(saved[name]) for name in said} == {name: _in_any_order(value) for name, value in said.items()}


def _in_any_order(value: Any) -> Any:
    return sorted(value, key=repr) if isinstance(value, list) else value
