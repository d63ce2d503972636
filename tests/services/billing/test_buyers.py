"""Rule L1 at billing: each payer's invoice is made out to its party, with its claim number, as known when it is issued."""

from contracts.billing.invoice import GetInvoice
from contracts.billing.party import SetPayerParties
from contracts.shared import Party, PayerParty, UsualParty
from tests.services.billing.acts import invoice_of
from tests.services.billing.orders import delivered, labour, reversal_requested

INSURER = Party(name="Ping An", address="Shanghai", tax_number="91310000100018580X")
MAKER = Party(name="Subaru China", address="Beijing")


def set_parties(desk, version, *parties):
    return desk.do(SetPayerParties(parties=[UsualParty(payer=payer, party=party) for payer, party in parties]), if_match=version)


def an_order(insurer=INSURER, claim="C-2026-0815", **changes):
    lines = labour(1, customer_pay="100.00", insurer="40.00", warranty="10.00", goodwill="5.00")
    named = [PayerParty(payer="insurer", party=insurer, claim_number=claim)]
    return delivered(lines, payer_parties=named, **changes)


def test_each_payers_invoice_names_its_party_and_only_its_own_claim(desk):
    set_parties(desk, 1, ("warranty", MAKER), ("insurer", Party(name="Somebody else")))
    fact = an_order()
    desk.hear(fact)
    made_out = {payer: invoice_of(desk, fact, payer) for payer in ("customer_pay", "insurer", "warranty", "goodwill")}
    assert {payer: (one.buyer.name, one.claim_number) for payer, one in made_out.items()} == {
        "customer_pay": ("Li Lei", None),
        "insurer": ("Ping An", "C-2026-0815"),
        "warranty": ("Subaru China", None),
        "goodwill": ("sh-pudong", None),  # the dealer itself
    }
    assert made_out["insurer"].buyer == INSURER


def test_what_is_named_later_is_on_the_next_invoice_only_and_a_credit_note_is_its_invoices(desk):
    first = an_order()
    desk.hear(first)
    set_parties(desk, 1, ("warranty", MAKER))
    desk.hear(reversal_requested(first))
    again = an_order(MAKER, "C-2", work_order_id=first.work_order_id, revision=2)
    desk.hear(again)
    issued = invoice_of(desk, first, "insurer")
    note = desk.ask(GetInvoice(invoice_id=issued.credited_by))
    assert (issued.claim_number, note.claim_number) == ("C-2026-0815", "C-2026-0815")
    assert (issued.buyer, note.buyer, invoice_of(desk, first, "warranty").buyer.name) == (INSURER, INSURER, "汽车生产厂家")
    assert (invoice_of(desk, again, "insurer").claim_number, invoice_of(desk, again, "warranty").buyer) == ("C-2", MAKER)
