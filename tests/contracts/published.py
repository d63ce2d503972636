"""Everything contracts/ publishes, found by looking, so that nothing new is left out."""

import json
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import contracts
from chassis.service.registration import Subscribed
from chassis.wire.messages import Answer, Command, Event, Message, Query
from contracts.billing.attention import FindBillingConcerns
from contracts.billing.daily_report import GetRevenueDay
from contracts.billing.invoice import FindDeliveryInvoices
from contracts.billing.searching import SearchInvoices
from contracts.booking.attention import FindBookingConcerns
from contracts.booking.searching import SearchAppointments
from contracts.crm.attention import FindCareConcerns
from contracts.crm.follow_up import FindDeliveryFollowUps
from contracts.http import Route
from contracts.parts.attention import FindPartsConcerns
from contracts.parts.deduction import FindDeliveryDeductions
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.daily_report import GetShopDay
from contracts.workshop.evidence import FindRecordedFiles, GetUploadTerms, RecordAttachment
from contracts.workshop.finding import FindNumbers
from contracts.workshop.handing_over import ListDeliveries
from contracts.workshop.leg_evidence import GetLegAttachment, GetLegUploadTerms, RecordLegAttachment
from contracts.workshop.linked import GetLinkedPicture
from contracts.workshop.searching import SearchWorkOrders
from servicelane.suite import SERVICES, service_class

SAMPLES = Path(contracts.__file__).parent / "samples"

INTERNAL: set[type[Command] | type[Query]] = {
    ListDeliveries,  # these four are what the gateway puts its reconciliation together from
    FindDeliveryInvoices,
    FindDeliveryDeductions,
    FindDeliveryFollowUps,
    SearchAppointments,  # and these three its search
    SearchInvoices,
    SearchWorkOrders,
    FindWorkshopConcerns,  # these five are what the gateway puts the service manager's attention list together from
    FindBookingConcerns,
    FindPartsConcerns,
    FindBillingConcerns,
    FindCareConcerns,
    GetShopDay,  # these two are what it puts the daily report together from
    GetRevenueDay,
    GetLegAttachment,
    GetLegUploadTerms,
    RecordLegAttachment,
    GetUploadTerms,  # these are what it makes an uploaded file an attachment by, finds that one was never recorded,
    RecordAttachment,
    FindRecordedFiles,
    GetLinkedPicture,  # and delivers one by that a one-time link shows
    FindNumbers,  # what it puts in the place of the numbers that people know an order and its lines by
}
"""Requests that services and operators use among themselves and nobody can make over HTTP. Keep it short, with the reason."""


def _classes() -> list[type[Message]]:
    found: set[type[Message]] = set()
    for module in walk_packages(contracts.__path__, "contracts."):
        for _, member in getmembers(import_module(module.name), isclass):
            if issubclass(member, Message) and member.__module__ == module.name:
                found.add(member)
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


MESSAGES = _classes()
EVENTS = [
    one for one in MESSAGES if issubclass(one, Event) and hasattr(one, "type")
]  # the others are what several have in common
REQUESTS = [one for one in MESSAGES if issubclass(one, Command | Query)]
ANSWERS = [one for one in MESSAGES if issubclass(one, Answer)]


def name(one: type[Message]) -> str:
    """How a message is called in a test's name."""
    return f"{one.__module__.removeprefix('contracts.')}.{one.__name__}"


def routes() -> list[tuple[str, Route]]:
    """Every route with the service whose contract has it."""
    return [(service, route) for service in SERVICES for route in import_module(f"contracts.{service}.routes").ROUTES]


def sample(event: type[Event], version: int | None = None) -> Path:
    """Where the golden sample of an event lies."""
    return SAMPLES / f"{event.type}.v{version or event.version}.json"


def read(file: Path) -> Any:
    """A sample's plain data."""
    return json.loads(file.read_text(encoding="utf-8"))


def subscribed(service: str) -> dict[str, Subscribed]:
    """The rows of a service's registration table that take events, by name."""
    return dict(getmembers(service_class(service), lambda row: isinstance(row, Subscribed)))


def answered(service: str) -> dict[str, Any]:
    """The rows of a service's registration table that answer commands and queries, by name."""
    return dict(getmembers(service_class(service), lambda row: hasattr(row, "contract")))
