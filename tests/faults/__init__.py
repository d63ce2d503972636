"""The whole suite as real processes, two of each service, and what is done to it; after every fault all invariants must hold.

`make faults` runs everything on servers of its own, `make test` only what needs none (test_short, the kill of test_errands). What
came of each fault stands in the printed table and in out/latest.json. A fault is a test that asks for `make_fault` (conftest);
world, fleet, bus, outboxes and servers are what it can lay hands on, orders and visits the work under way meanwhile, proof the
judge.

| what goes wrong | where |
|---|---|
| a process dies: at each named point of the code | test_crash_points |
| ... at random, for minutes, from booking to the gate; a leader; replaced one by one under load | test_kills |
| a process freezes: the relay's leader, a replica in the middle of a transaction | test_kills |
| a message kills whoever touches it, until the broker gives it up | test_killers |
| the broker is stopped, killed, restarted, blocked by an alarm, frozen during calls | test_broker |
| a queue or one of three bindings is deleted | test_broker |
| confirms are lost; connections are half open | test_line |
| the database is stopped, crashed, away for a minute; its connections are terminated | test_database |
| the car is at the gate while its delivery is reversed, with a kill in between | test_departures |
| messages come five times, or all again after the inbox was purged | test_messages |
| a reversal comes before its delivery, the third delivery before the second | test_messages |
| a clock is set forward and back again | test_clocks |
| timers run out while their leader dies, as it fires one, and with the database away | test_timers |
| what was sent outside is not noted: killed, frozen, stopped, no database, a receiver that does not answer | test_errands |
| every clock of every service runs out: two replicas, a killed leader, no database, a clock set back | test_every_clock |
| numbers are given out and rolled back | test_messages |
| two replicas on hot rows | test_kills |
| poison: bad JSON, null, bytes, unknown type, 10 MB, bad currency; replayed after the fix | test_poison |
| a message lies about its service or its dealer | test_forgeries |
| a command outlives its caller's patience | test_requests |
| fifty requests under one idempotency key; the same key with another body | test_short |
| the inbox, `mandatory` or a UNIQUE constraint is missing from the code | tests/mutants |
"""
