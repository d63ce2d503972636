"""The first account: whoever can read the gateway's settings may create an administrator; all others are made over HTTP."""

from chassis.process.settings import Settings
from chassis.wire.call import Call
from chassis.wire.errors import Unavailable
from chassis.wire.ids import new_id
from chassis.work.executor import Executor
from contracts.gateway.account import CreateAccount
from contracts.roles import ADMINISTRATOR
from gateway.service import GatewayService
from servicelane.failures import reaching
from servicelane.texts import text

ADMIN = "admin"


def create_administrator(login: str, password: str) -> None:
    """Create an account that administers the group. Raises Refused when the login is taken, Invalid for a weak password."""
    executor = Executor(Settings.read("gateway"))
    command = CreateAccount(login=login, name=login, password=password, group_roles=[ADMINISTRATOR])
    call = Call(principal="command-line", actor="command-line")
    with reaching(text("cli.failure.database_of", service="gateway"), executor.settings.database_url):
        try:
            executor.execute(CreateAccount, GatewayService.use_case(CreateAccount), command.dump(), call, new_id())
        except Unavailable as error:
            raise error.__cause__ or error from None
        finally:
            executor.engine.dispose()
