"""The dealer's payer parties (Rule L1): manufacturer, usual insurer, the dealer itself; there once the dealer is known."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerSettings, document
from contracts.billing import party as contract
from contracts.shared import Party, Payer, UsualParty
from services.billing.model import Base


class BillingSettings(DealerSettings, Base):
    """One per dealer: `parties` are the parties by payer, as they are printed."""

    __tablename__ = "billing_settings"

    parties: Mapped[dict[str, Any]] = mapped_column(document)

    @classmethod
    def with_defaults(cls, currency: str) -> "BillingSettings":
        """Nobody is named yet: invoices of other payers then name the payer in words."""
        return cls(parties={})

    def set_parties(self, parties: list[UsualParty]) -> None:
        """These are the parties from now on; invoices that were issued stay as they are."""
        self.parties = {one.payer: one.party.dump() for one in parties}

    def party(self, payer: Payer) -> Party | None:
        """Who stands behind the payer, if the dealer has said so."""
        known = self.parties.get(payer)
        return None if known is None else Party.load(known)

    def describe(self) -> contract.PayerParties:
        """The parties, by payer."""
        return contract.PayerParties.load(
            {
                "id": self.id,
                "version": self.version,
                "parties": [{"payer": payer, "party": party} for payer, party in sorted(self.parties.items())],
            }
        )
