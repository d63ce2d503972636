"""booking's contract: calendar, capacity and appointments."""
