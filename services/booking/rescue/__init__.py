"""Rescue cases: cars that stand somewhere, from the call to the arrival. They know appointments."""
