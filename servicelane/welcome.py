"""What `servicelane run --embedded` says when it is up; the first time it opens a dealership to try things on."""

from rich.console import Console

from chassis.wire.errors import Refused
from servicelane import embedded
from servicelane.client import Client
from servicelane.dealership import STAFF, open_dealership, open_group
from servicelane.setup import ADMIN, create_administrator

DEALER = "sh-pudong"
PASSWORD = "showroom-2026"


def first_time() -> bool:
    """Create the demo's administrator; False when an earlier start has done so. To be called before the suite runs."""
    try:
        create_administrator(ADMIN, PASSWORD)
    except Refused:
        return False
    return True


def welcome(*, open_demo: bool) -> None:
    """Open the demo dealership if asked to, then print addresses and logins."""
    base_url = embedded.base_url()
    if open_demo:
        admin = Client.sign_in(base_url, ADMIN, PASSWORD)
        open_group(admin)
        open_dealership(admin, base_url, dealer=DEALER, name="浦东店", password=PASSWORD)
    console = Console()
    console.print(f"ServiceLane is up at {base_url}")
    console.print(f"  API documentation  {base_url}/docs")
    console.print(f"  demo logins        {ADMIN}, {', '.join(f'{DEALER}.{who}' for who in STAFF)}")
    console.print(f"  password           {PASSWORD} (of this demo only; create your own accounts for anything else)")
