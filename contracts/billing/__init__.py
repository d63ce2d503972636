"""billing's contract: invoices per payer, payments, authorisations and the gate pass."""
