"""Group and access: the registry of dealers, accounts and API clients, timelines and reconciliation."""
