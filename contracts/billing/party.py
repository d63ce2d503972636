"""The parties behind payers: the manufacturer, an insurer, the dealer itself, each with name, address and tax number."""

from chassis.wire import Answer, Command, Id, Query
from contracts.shared import UsualParty, at_most


class PayerParties(Answer):
    """Whom the dealer's invoices are made out to, by payer; an order that names a party of its own comes first."""

    id: Id
    version: int
    parties: list[UsualParty]


class SetPayerParties(Command, service="billing", answer=PayerParties):
    """Set the payer parties.

    From now on invoices of these payers name them as buyer; issued ones stay as they are. The customer's party is the customer.
    """

    parties: list[UsualParty] = at_most(10)


class GetPayerParties(Query, service="billing", answer=PayerParties):
    """The payer parties of the dealer.

    Whom invoices of each payer are made out to when the order names nobody.
    """
