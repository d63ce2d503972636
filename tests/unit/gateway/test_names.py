"""The names that somebody is given: dealer codes, logins, client ids."""

import pytest

from chassis.wire.errors import Invalid
from contracts.gateway.account import CreateAccount, CreateApiClient
from contracts.gateway.dealer import RegisterDealer

PASSWORD = "correct horse battery"


@pytest.mark.parametrize("typed", ["Wang", "wa ng", " wang", "wang\u200b", "ｗang", "wang\n"])
def test_what_is_named_for_ever_is_taken_as_typed_or_refused(typed: str) -> None:
    """`A B` became the dealer `ab` without a word."""
    dealer = {"name": "x", "time_zone": "Asia/Shanghai", "locale": "zh", "tax_mode": "inclusive", "currency": "CNY"}
    account, client = {"name": "x", "password": PASSWORD}, {"name": "x", "secret": "s" * 40}
    for command, field, facts in (
        (RegisterDealer, "dealer", dealer),
        (CreateAccount, "login", account),
        (CreateApiClient, "client_id", client),
    ):
        assert getattr(command.load({field: "wang", **facts}), field) == "wang"
        with pytest.raises(Invalid) as refused:
            command.load({field: typed, **facts})
        assert set(refused.value.details["errors"]) == {field}
