"""The chassis: everything a service needs to be a service.

Settings, database and unit of work, tenancy, outbox and relay, inbox and held messages, RPC, schedules, logs, metrics,
health, shutdown. It knows no service and imports nothing of ours. Only the chassis touches nameko's and kombu's internals.

Reading order: `model` and `work` (what a use case sees), `service` (the door), `subscriber` and `relay` (the bus promises).
"""
