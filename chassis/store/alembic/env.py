"""Alembic's environment for every service: the connection is handed over by `chassis.store.migrations`."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
