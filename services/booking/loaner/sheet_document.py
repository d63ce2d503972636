"""The hand-over and return sheets (交车单, 还车单) as they are kept and signed (Rule B9): never changed once they are signed."""

from datetime import datetime

from chassis import Document
from chassis.wire import Part
from contracts.booking.loaner import LoanSheetKind
from contracts.workshop.damage import DamageKind, Panel


class SheetDamage(Part):
    """Damage of one panel of the loaner."""

    panel: Panel
    damage: DamageKind
    note: str | None = None


class LoanSheetDocument(Document):
    """How the car went out, or came back, and who drives it."""

    loan_id: str
    sheet: LoanSheetKind
    plate: str
    customer_name: str
    driver: str
    licence_number: str
    mileage: int
    mileage_reason: str | None = None
    fuel_eighths: int
    damages: list[SheetDamage]
    remarks: str | None = None
    recorded_by: str
    recorded_at: datetime
