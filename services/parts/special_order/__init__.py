"""Special orders: what booked cars and orders lack, until it is there or nobody wants it any more (Rules B6, P5).

Reservations say what is short; this capability knows none of them.
"""
