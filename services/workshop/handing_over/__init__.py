"""The end of an order: ready, settled, delivered, reversed, closed (Rules W13 to W15).

Delivery is the authority to bill, to take parts off stock and to follow up; invoices, stock and calls live in other services.
"""
