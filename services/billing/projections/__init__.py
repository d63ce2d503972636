"""What billing keeps of other services' facts: customers who may owe, appointments that deposits are for.

Rows are only ever written from events, so that they always equal the fold of those events. No rules live here.
"""
