"""Asking the customer after a delivery: planned by it, cancelled by its reversal, worked on by crm's agents."""
