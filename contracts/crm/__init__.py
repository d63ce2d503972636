"""crm's contract: customers, vehicles, consents and follow-up jobs."""
