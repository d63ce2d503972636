"""The suite bites: `make mutants` switches one promise off at a time and demands that the named tests then fail."""
