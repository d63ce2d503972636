"""What workshop keeps of other services' facts: customers, vehicles, appointments, part prices, slips, tax rates.

Rows are only ever written from events, so that they always equal the fold of those events. No rules live here.
"""
