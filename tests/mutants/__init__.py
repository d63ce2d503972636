"""The suite bites: `make mutants` switches one safeguard off at a time; the named tests must then fail and say why."""
