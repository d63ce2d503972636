"""Intermittent faults (偶发故障) under observation, after the car has left (Rule W16)."""
