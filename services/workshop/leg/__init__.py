"""Pick-up and return: legs on which a driver fetches a car, or brings it back (ADR 0053). They know orders and custody."""
