"""The parts desk's tasks: what the records and the car disagree about after a delivery (Rule P3)."""
