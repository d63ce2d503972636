"""The gateway's database, revision by revision. Only migrations live here."""
