"""Billing: invoices per payer, payments, authorisations and the gate pass."""
