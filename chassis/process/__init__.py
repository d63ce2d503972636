"""One operating-system process: its settings, clock, logs, metrics, probes, HTTP sockets, and where a test may kill it.

Promise: whatever a process is doing can be seen from outside. Nothing here knows tables, queues or messages.
"""
