"""The dealer's tax rates (Rule L1, docs/domain.md). Which one a delivery has stands in the delivery: its customer signed it."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, derived_id
from contracts.billing import invoice as contract
from contracts.billing.events import TaxRateSet
from contracts.tax import percent
from services.billing.model import Base


class TaxRate(Aggregate, Base):
    """A setting: deliveries from a local day on are taxed at this rate, in thousandths of a percent."""

    __tablename__ = "tax_rate"
    __table_args__ = (UniqueConstraint("dealer_id", "effective_on", name="tax_rate_effective_on_key"),)

    effective_on: Mapped[date]
    rate: Mapped[int] = mapped_column()

    @staticmethod
    def identity(effective_on: date) -> str:
        """The id of the rate from this day on: a dealer has one."""
        return derived_id("tax_rate", effective_on)

    def set(self, rate: int) -> None:
        """From its day on deliveries are taxed at this rate."""
        self.rate = rate
        self.announce(TaxRateSet(tax_rate_id=self.id, effective_on=self.effective_on, rate=percent(rate)))

    def describe(self) -> contract.TaxRate:
        """The rate in percent."""
        return contract.TaxRate(version=self.version, effective_on=self.effective_on, rate=percent(self.rate))
