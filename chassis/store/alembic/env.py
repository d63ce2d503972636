"""Alembic's environment for every service: the connection is handed over by `chassis.store.migrations`."""

from alembic import context

connection = context.config.attributes["connection"]
# A transaction for each revision, but in one that has begun: SQLite's.
context.configure(connection=connection, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
