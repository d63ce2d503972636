"""What `servicelane run --embedded` says when it is up; the first time it opens a dealership to try things on."""

from pathlib import Path

from rich.cells import cell_len

from chassis.process.settings import Settings
from chassis.wire.errors import Refused
from console.settings import ConsoleSettings, Demo
from servicelane import embedded
from servicelane.client import Client, ProblemError
from servicelane.dealership import STAFF, open_dealership, open_group
from servicelane.setup import ADMIN, create_administrator
from servicelane.texts import text

DEALER = "sh-pudong"
PASSWORD = "showroom-2026"
DEMO = Demo({held[0]: f"{DEALER}.{who}" for who, held in STAFF.items()}, PASSWORD)
"""What the console offers at its sign-in."""


def create_first_administrator() -> None:
    """Create the demo's administrator, if no earlier start has. To be called before the suite runs."""
    try:
        create_administrator(ADMIN, PASSWORD)
    except Refused:
        return


def welcome(folder: Path, console: ConsoleSettings) -> None:
    """Open the demo dealership the first time, then print addresses and logins."""
    base_url = embedded.base_url()
    if not (folder / embedded.OPENED).exists():
        _open_demo(base_url)
        (folder / embedded.OPENED).touch()
    print(text("cli.welcome.up", url=base_url))
    facts = {
        text("cli.welcome.console"): embedded.reached_at(console.http_address),
        text("cli.welcome.documentation"): f"{base_url}/docs",
        text("cli.welcome.logins"): ", ".join((ADMIN, *(f"{DEALER}.{who}" for who in STAFF))),
        text("cli.welcome.password"): text("cli.welcome.only_demo", password=PASSWORD),
        text("cli.welcome.log"): Settings.read("gateway").log_file,
        text("cli.welcome.end"): "Ctrl-C",
    }
    width = max(map(cell_len, facts))
    for name, fact in facts.items():
        print(f"  {name}{' ' * (width - cell_len(name))}  {fact}", flush=True)


def _open_demo(base_url: str) -> None:
    try:
        admin = Client.sign_in(base_url, ADMIN, PASSWORD)
    except ProblemError:
        return  # the administrator has a password of its own: somebody's dealership is here
    open_group(admin, comebacks=True)
    open_dealership(admin, base_url, dealer=DEALER, name="浦东店", password=PASSWORD)
