"""The gateway as a service: the registration table of its registry and accounts, and the HTTP server beside it."""

import os
from datetime import datetime

from sqlalchemy import ColumnElement, Table

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
    ListStaff,
    SetClientSecret,
    SetPassword,
)
from contracts.gateway.dealer import ChangeDealer, GetDealer, ListDealerNames, ListDealers, RegisterDealer
from contracts.gateway.session import EndSession, EndSessions, GetMe, ListSessions
from gateway.account import administering, admitting
from gateway.account import queries as account_queries
from gateway.account.session import outdated
from gateway.dealer import queries as dealer_queries
from gateway.dealer import registering
from gateway.evidence.settings import EvidenceSettings
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
        EvidenceSettings.read(os.environ)
        Tokens(settings.jwt_secret, previous=settings.jwt_secret_previous)
        super().check(settings)

    @classmethod
    def outdated(cls, before: datetime) -> list[tuple[Table, ColumnElement[bool]]]:
        """Sessions that ended by themselves; the others are deleted when they are ended."""
        return outdated(before)

    register_dealer = command(RegisterDealer, registering.register)
    change_dealer = command(ChangeDealer, registering.change)
    get_dealer = query(GetDealer, dealer_queries.get_dealer)
    list_dealers = query(ListDealers, dealer_queries.list_dealers)
    list_dealer_names = query(ListDealerNames, dealer_queries.list_dealer_names)
    create_account = command(CreateAccount, administering.create_account)
    change_account = command(ChangeAccount, administering.change_account)
    set_password = command(SetPassword, administering.set_password)
    get_account = query(GetAccount, account_queries.get_account)
    list_accounts = query(ListAccounts, account_queries.list_accounts)
    list_staff = query(ListStaff, account_queries.list_staff)
    create_api_client = command(CreateApiClient, administering.create_api_client)
    change_api_client = command(ChangeApiClient, administering.change_api_client)
    set_client_secret = command(SetClientSecret, administering.set_client_secret)
    get_api_client = query(GetApiClient, account_queries.get_api_client)
    list_api_clients = query(ListApiClients, account_queries.list_api_clients)
    get_me = query(GetMe, account_queries.get_me)
    list_sessions = query(ListSessions, account_queries.list_sessions)
    end_session = command(EndSession, admitting.end_one)
    end_sessions = command(EndSessions, admitting.end_own)
