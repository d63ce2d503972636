"""The first account: whoever can read the gateway's settings may create an administrator; all others are made over HTTP."""

from functools import partial
from typing import Any

from chassis.process.settings import Settings
from chassis.wire.call import Call
from chassis.wire.ids import new_id
from chassis.work.executor import Core
from contracts.gateway.commands import CreateAccount
from contracts.roles import ADMINISTRATOR
from gateway.service import GatewayService

ADMIN = "admin"


def create_administrator(login: str, password: str) -> None:
    """Create an account that administers the group. Raises Refused when the login is taken, Invalid for a weak password."""
    core = Core(Settings.read("gateway"))
    command = CreateAccount(login=login, name=login, password=password, group_roles=[ADMINISTRATOR])
    door: Any = GatewayService.create_account
    call = Call(principal="command-line", actor="command-line")
    core.execute(CreateAccount, partial(door.__wrapped__, GatewayService()), command.dump(), call, new_id())
    core.engine.dispose()
