"""Which services there are. Nothing is loaded to know that: `--help` needs neither services nor chassis."""

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, cast

from servicelane.texts import text

if TYPE_CHECKING:
    from chassis import Service

SERVICES = {
    "booking": "services.booking.service:BookingService",
    "workshop": "services.workshop.service:WorkshopService",
    "parts": "services.parts.service:PartsService",
    "billing": "services.billing.service:BillingService",
    "crm": "services.crm.service:CrmService",
    "gateway": "gateway.service:GatewayService",
}

CONSOLE = "console"
PROCESSES = (*SERVICES, CONSOLE)
"""What can be run: the services, and the console, which is none: it has no contract, no database and no place on the bus."""


def service_class(name: str) -> "type[Service]":
    """The door class of a service. Raises SettingsError for a name that is none."""
    from chassis.wire.errors import SettingsError

    if name not in SERVICES:
        raise SettingsError(unknown(name))
    module, _, class_name = SERVICES[name].partition(":")
    return cast("type[Service]", getattr(import_module(module), class_name))


def unknown(name: str, known: Iterable[str] = SERVICES) -> str:
    """What to say of a name that is none of those that are known."""
    return text("cli.argument.no_service", name=repr(name), services=", ".join(known))
