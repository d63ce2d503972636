"""A service: its registration table, what runs with it in a process, its schedules.

Promise: everything a service answers, subscribes to and runs on schedule stands in one class. Only
services, the gateway and the composition root import from here.
"""
