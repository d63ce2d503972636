"""Purchase orders: drafted, approved, sent, and what is outstanding of them; when it comes is told to who waits (Rule P4).

Taking deliveries in is `receiving`'s.
"""
