"""Desks whose clients count what they are answered."""

from typing import Self

from deploy.local import desk
from deploy.local.desk import Dealer
from servicelane.client import Client
from tests.faults.answers import CountingClient, Tally


class Desk(desk.Desk):
    """The desk of one dealer under fault."""

    client: CountingClient

    def __init__(self, dealer: Dealer, addresses: list[str], tally: Tally) -> None:
        client = CountingClient(addresses, dealer.refresh_token, dealer=dealer.name, tally=tally)
        super().__init__(dealer.name, client, dealer.walk_in)
        self.address = addresses[0]
        """Where the first gateway is."""

    @classmethod
    def open(cls, admin: Client, addresses: list[str], dealer: str, tally: Tally) -> Self:
        """Register the dealer."""
        return cls(Dealer.open(admin, addresses[0], dealer), addresses, tally)
