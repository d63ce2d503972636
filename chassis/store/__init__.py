"""The database: tables and columns, aggregates, tenancy, engine and sessions, migrations, leadership.

Promise: no row is read or written for another dealer, and numbers are exact. Nothing here knows the bus.
"""
