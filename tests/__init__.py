"""All tests: unit/ (no server), bus/, services/, contracts/, architecture/, journeys/, faults/, and what they share."""
