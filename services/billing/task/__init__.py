"""Tasks for a person: what the system found and may not decide. Who raises a task stands in the capability that found it."""
