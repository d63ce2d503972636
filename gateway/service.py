"""The gateway's door: the registry and the accounts as any service offers its commands, and the HTTP server beside it."""

import os

from chassis import Service, command, query
from chassis.process.settings import Settings
from contracts.gateway.account import (
    ChangeAccount,
    ChangeApiClient,
    CreateAccount,
    CreateApiClient,
    GetAccount,
    GetApiClient,
    ListAccounts,
    ListApiClients,
    SetClientSecret,
    SetPassword,
)
from contracts.gateway.dealer import ChangeDealer, GetDealer, ListDealers, RegisterDealer
from gateway import queries as windows
from gateway.domain import accounts, clients, dealers
from gateway.http.provider import HttpInterface
from gateway.http.settings import HttpSettings
from gateway.http.tokens import Tokens


class GatewayService(Service):
    """Owns the registry of dealers, accounts and API clients, and serves HTTP for the whole group."""

    name = "gateway"

    http = HttpInterface()

    @classmethod
    def check(cls, settings: Settings) -> None:
        """As for any service; and what the HTTP interface needs."""
        HttpSettings.read(os.environ)
        Tokens(settings.jwt_secret)
        super().check(settings)

    register_dealer = command(RegisterDealer, dealers.register)
    change_dealer = command(ChangeDealer, dealers.change)
    get_dealer = query(GetDealer, windows.get_dealer)
    list_dealers = query(ListDealers, windows.list_dealers)
    create_account = command(CreateAccount, accounts.create)
    change_account = command(ChangeAccount, accounts.change)
    set_password = command(SetPassword, accounts.set_password)
    get_account = query(GetAccount, windows.get_account)
    list_accounts = query(ListAccounts, windows.list_accounts)
    create_api_client = command(CreateApiClient, clients.create)
    change_api_client = command(ChangeApiClient, clients.change)
    set_client_secret = command(SetClientSecret, clients.set_secret)
    get_api_client = query(GetApiClient, windows.get_api_client)
    list_api_clients = query(ListApiClients, windows.list_api_clients)
