"""The customer's file with its consents. Knows no vehicles and no follow-ups."""
