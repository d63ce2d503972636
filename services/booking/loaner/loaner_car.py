"""A car of the loaner fleet (代步车, Rule B9, docs/domain.md)."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Refused
from contracts.booking import loaner as contract
from contracts.booking.loaner import AddLoaner, LoanerCar
from contracts.odometer import doubt
from contracts.shared import PLATE
from services.booking.model import Base


class Loaner(Aggregate, Base):
    """One car. Whether it is free at a time, its loans say."""

    __tablename__ = "loaner"
    __table_args__ = (UniqueConstraint("dealer_id", "plate_key", name="loaner_plate_key"),)

    plate: Mapped[str] = mapped_column(String(16))
    plate_key: Mapped[str] = mapped_column(String(16))
    make: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(100))
    vin: Mapped[str | None] = mapped_column(String(17))
    mileage: Mapped[int]
    withdrawn_because: Mapped[str | None] = mapped_column(String(300))

    @classmethod
    def add(cls, command: AddLoaner) -> "Loaner":
        """A new car of the fleet, with what its odometer shows."""
        return cls(
            plate=command.plate,
            plate_key=PLATE.key(command.plate),
            make=command.make,
            model=command.model,
            vin=command.vin,
            mileage=command.mileage,
        )

    def withdraw(self, reason: str) -> None:
        """It is lent to nobody. Raises Refused if it is withdrawn already."""
        self.require_in_service()
        self.withdrawn_because = reason

    def reinstate(self) -> None:
        """It can be lent again. Raises Refused if it always could."""
        if self.withdrawn_because is None:
            raise Refused("loaner_in_service", plate=self.plate)
        self.withdrawn_because = None

    def require_in_service(self) -> None:
        """Raises Refused for a car that is lent to nobody."""
        if self.withdrawn_because is not None:
            raise Refused("loaner_withdrawn", plate=self.plate)

    def refuse_doubtful(self, mileage: int, reason: str | None) -> None:
        """Raises Refused if that is less than its odometer showed, or far more, and nobody says why."""
        doubted = doubt(self.mileage, mileage) if reason is None else None
        if doubted == "went_back":
            raise Refused("loaner_mileage_went_back", field="mileage", known=self.mileage)
        if doubted == "far_ahead":
            raise Refused("loaner_mileage_far_ahead", field="mileage", known=self.mileage)

    def read(self, mileage: int, reason: str | None) -> None:
        """Its odometer was read, and that was signed. Raises Refused if it shows less than it did, and nobody says why."""
        self.refuse_doubtful(mileage, reason)
        self.mileage = mileage

    @property
    def car(self) -> LoanerCar:
        """The car as a loan names it."""
        return LoanerCar(loaner_id=self.id, plate=self.plate, make=self.make, model=self.model)

    def describe(self) -> contract.Loaner:
        """The car by itself, as it is answered to who adds or changes it."""
        return self.shown()

    def shown(self, out: contract.PlannedLoan | None = None, next_: contract.PlannedLoan | None = None) -> contract.Loaner:
        """The car with who has it and who gets it next."""
        return contract.Loaner(
            id=self.id,
            version=self.version,
            plate=self.plate,
            make=self.make,
            model=self.model,
            vin=self.vin,
            mileage=self.mileage,
            withdrawn_because=self.withdrawn_because,
            out=out,
            next=next_,
        )
