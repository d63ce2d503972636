"""A service: its registration table, what runs with it in a process, its schedules.

Promise: everything a service answers, subscribes to and runs on schedule stands in one class. Nothing
imports from here but services.
"""
