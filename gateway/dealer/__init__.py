"""The registry of the group's dealers (Rule G0). Accounts and HTTP are unknown here."""
