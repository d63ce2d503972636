"""A service: its registration table, what runs with it in a process, its schedules.

Promise: everything a service answers, hears and keeps time of stands in one class. Nothing imports from here but services.
"""
