"""Customer care: customers, vehicles, consents and follow-up jobs."""
