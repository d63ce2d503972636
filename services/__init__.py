"""The services: each folder owns its data and publishes facts; none imports another.

Inside each: `service` is its registration table, each capability a package, `projections/` what it keeps of others' events,
`migrations/` its database's history.
"""
