"""Parts handed to technicians and taken back, each on a signed slip (Rule P3)."""
