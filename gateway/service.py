"""The gateway's door: the registry and the accounts as any service offers its commands, and the HTTP server beside it."""

import os

from chassis.process.settings import Settings
from chassis.service.entrypoints import Service, command, query
from chassis.work.unit_of_work import Work
from contracts.gateway import answers, commands, queries
from gateway import queries as windows
from gateway.domain import accounts, clients, dealers, model
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

    @command(commands.RegisterDealer)
    def register_dealer(self, command: commands.RegisterDealer, work: Work) -> answers.Dealer:
        """Take a dealer into the group; every service learns of it from DealerRecorded."""
        return dealers.register(work, command)

    @command(commands.ChangeDealer)
    def change_dealer(self, command: commands.ChangeDealer, work: Work) -> answers.Dealer:
        """Replace what may change of a registration; every service learns of it from DealerRecorded."""
        return dealers.change(work, command)

    @query(queries.GetDealer)
    def get_dealer(self, query: queries.GetDealer, work: Work) -> answers.Dealer:
        """One dealer's registration."""
        return model.get(work, dealers.Dealer, query.dealer).describe()

    @query(queries.ListDealers)
    def list_dealers(self, query: queries.ListDealers, work: Work) -> answers.Dealers:
        """The group's dealers."""
        return windows.list_dealers(work, query)

    @command(commands.CreateAccount)
    def create_account(self, command: commands.CreateAccount, work: Work) -> answers.Account:
        """Open an account for a person."""
        return accounts.create(work, command)

    @command(commands.ChangeAccount)
    def change_account(self, command: commands.ChangeAccount, work: Work) -> answers.Account:
        """Replace an account's facts and roles, or lock it."""
        return accounts.change(work, command)

    @command(commands.SetPassword)
    def set_password(self, command: commands.SetPassword, work: Work) -> answers.Account:
        """Give an account a new password."""
        return accounts.set_password(work, command)

    @query(queries.GetAccount)
    def get_account(self, query: queries.GetAccount, work: Work) -> answers.Account:
        """One account."""
        return model.get(work, accounts.Account, query.account_id).describe()

    @query(queries.ListAccounts)
    def list_accounts(self, query: queries.ListAccounts, work: Work) -> answers.Accounts:
        """The group's accounts."""
        return windows.list_accounts(work, query)

    @command(commands.CreateApiClient)
    def create_api_client(self, command: commands.CreateApiClient, work: Work) -> answers.ApiClient:
        """Let a program in."""
        return clients.create(work, command)

    @command(commands.ChangeApiClient)
    def change_api_client(self, command: commands.ChangeApiClient, work: Work) -> answers.ApiClient:
        """Replace an API client's facts and roles, or lock it."""
        return clients.change(work, command)

    @command(commands.SetClientSecret)
    def set_client_secret(self, command: commands.SetClientSecret, work: Work) -> answers.ApiClient:
        """Give an API client a new secret."""
        return clients.set_secret(work, command)

    @query(queries.GetApiClient)
    def get_api_client(self, query: queries.GetApiClient, work: Work) -> answers.ApiClient:
        """One API client."""
        return model.get(work, clients.ApiClient, query.api_client_id).describe()

    @query(queries.ListApiClients)
    def list_api_clients(self, query: queries.ListApiClients, work: Work) -> answers.ApiClients:
        """The group's API clients."""
        return windows.list_api_clients(work, query)
