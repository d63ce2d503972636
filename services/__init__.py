"""The services: each folder owns its data and publishes facts; none imports another.

Inside each: `service` is the door, `domain/` holds the rules, `queries` reads, `migrations/` is its database's history.
"""
