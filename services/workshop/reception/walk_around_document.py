"""The walk-around (环车检查) as it is kept and signed (Rule W2): a version never changes once the customer has signed it."""

from dataclasses import fields
from datetime import datetime

from chassis import Document
from chassis.wire import Part
from contracts.workshop.custody import Thing, named
from contracts.workshop.damage import DamageKind, Panel
from contracts.workshop.walk_around import Equipment, Findings


class DamageFound(Part):
    """Damage of one panel."""

    panel: Panel
    damage: DamageKind
    note: str | None = None


class PropertyFound(Part):
    """Something of the customer's that stays in the car."""

    description: str
    count: int = 1


class WalkAroundDocument(Document):
    """How the car was, and what was taken over with it."""

    work_order_id: str
    order_number: str
    plate: str
    vin: str
    customer_name: str
    walk_around_version: int
    corrected_because: str | None = None
    recorded_by: str
    recorded_at: datetime
    mileage: int
    mileage_reason: str | None = None
    fuel_eighths: int | None = None
    fuel_percent: int | None = None
    damages: list[DamageFound]
    equipment: list[Equipment]
    property_left: list[PropertyFound]
    valuables_reminder: bool
    protective_covers: bool
    keys: int
    registration: bool
    service_book: bool
    remarks: str | None = None

    @property
    def things(self) -> list[Thing]:
        """What of the customer's was taken over."""
        return named(keys=self.keys > 0, registration=self.registration, service_book=self.service_book)

    @property
    def findings(self) -> Findings:
        """What was found, as it is answered."""
        told = self.dump()
        return Findings.load({one.name: told[one.name] for one in fields(Findings)})
