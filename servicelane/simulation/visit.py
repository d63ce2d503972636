"""One car's visit at a dealer, as its parts hand it on: the customer and car, the appointment, the order as last seen."""

from dataclasses import dataclass, field
from typing import Any

from servicelane.client import Client
from servicelane.simulation.house import Found, House
from servicelane.simulation.people import Car
from servicelane.visit import STROKES


@dataclass
class Visit:
    """What is known of the visit. `order` is there once the advisor has taken the car over."""

    house: House
    car: Car
    appointment: Found | None = None
    lane_car: Found | None = None
    order: Found = field(default_factory=dict)
    technician: str = ""
    bay: str = ""
    wants_wash: bool = False
    tool: Found | None = None
    """What the technician signed for, until it is back."""
    revised: bool = False
    """Whether the customer was told another time."""
    isolation: Found | None = None
    """The one that stands."""
    follower: Client | None = None
    """The customer, if they have a link to their order."""
    comes_again: bool = False
    """Whether it is here because of work that was done before."""

    @property
    def path(self) -> str:
        """The order's address."""
        return f"/work-orders/{self.order['id']}"

    def do(self, who: Client, verb: str, body: Found | None = None) -> Found:
        """Have something done to the order, and keep what it is then."""
        self.order = who.post(f"{self.path}/{verb}", body)
        return self.order

    def look(self) -> Found:
        """The order as it is now."""
        self.order = self.house.advisor.get(self.path)
        return self.order

    def lines(self, kind: str, *states: str) -> list[Found]:
        """Lines of a kind, in one of these states."""
        return [line for line in self.order["lines"] if line["kind"] == kind and line["state"] in states]

    def signed(self, document: str, means: str = "drawn") -> dict[str, Any]:
        """The customer's signature of a document of the order, as it is shown to them; or their word on the phone."""
        shown = self.house.advisor.get(f"{self.path}/{document}")
        signing = {"means": means, "name": self.car.name, "document_hash": shown["document_hash"]}
        if means == "drawn":
            signing["strokes"] = STROKES
        if means == "phone":
            signing["given_at"] = self.house.now.isoformat()
        return signing
