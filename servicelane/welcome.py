"""What `servicelane run --embedded` says when it is up; the first time it opens a dealership to try things on."""

from pathlib import Path

from chassis.process.settings import Settings
from chassis.wire.errors import Refused
from servicelane import embedded
from servicelane.client import Client, ProblemError
from servicelane.dealership import STAFF, open_dealership, open_group
from servicelane.setup import ADMIN, create_administrator

DEALER = "sh-pudong"
PASSWORD = "showroom-2026"
OPENED = "demo.opened"
"""The file that says that the demo's dealership is complete: a first start may have been interrupted."""


def create_first_administrator() -> None:
    """Create the demo's administrator, if no earlier start has. To be called before the suite runs."""
    try:
        create_administrator(ADMIN, PASSWORD)
    except Refused:
        return


def welcome(folder: Path) -> None:
    """Open the demo dealership the first time, then print addresses and logins."""
    base_url = embedded.base_url()
    if not (folder / OPENED).exists():
        _open_demo(base_url)
        (folder / OPENED).touch()
    print(f"ServiceLane is up at {base_url}")
    print(f"  API documentation  {base_url}/docs")
    print(f"  demo logins        {ADMIN}, {', '.join(f'{DEALER}.{who}' for who in STAFF)}")
    print(f"  password           {PASSWORD} (of this demo only; create your own accounts for anything else)")
    print(f"  log                {Settings.read('gateway').log_file}")
    print("  end it             Ctrl-C", flush=True)


def _open_demo(base_url: str) -> None:
    try:
        admin = Client.sign_in(base_url, ADMIN, PASSWORD)
    except ProblemError:
        return  # the administrator has a password of its own: somebody's dealership is here
    open_group(admin)
    open_dealership(admin, base_url, dealer=DEALER, name="浦东店", password=PASSWORD)
