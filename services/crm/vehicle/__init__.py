"""The vehicle's file, its VIN, what its odometer showed, and the work declined for it. Knows no follow-ups."""
