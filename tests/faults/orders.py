"""Desks whose clients count what they are answered."""

from typing import Self

from deploy.local import desk
from deploy.local.desk import Dealer, managers_token
from servicelane.client import Client
from tests.faults.answers import CountingClient, Tally


class Desk(desk.Desk):
    """The desk of one dealer under fault."""

    client: CountingClient

    def __init__(self, dealer: Dealer, addresses: list[str], tally: Tally) -> None:
        self._addresses, self._tally = addresses, tally
        super().__init__(dealer.name, self._signed_in(dealer.name, dealer.token), dealer.walk_in)

    @classmethod
    def open(cls, admin: Client, addresses: list[str], dealer: str, tally: Tally) -> Self:
        """Register the dealer."""
        return cls(Dealer.open(admin, addresses[0], dealer), addresses, tally)

    def sign_in_again(self) -> None:
        """Take a fresh token: one is good for an hour."""
        self.client = self._signed_in(self.dealer, managers_token(self._addresses[0], self.dealer))

    def _signed_in(self, dealer: str, token: str) -> CountingClient:
        return CountingClient(self._addresses, token, dealer=dealer, tally=self._tally)
