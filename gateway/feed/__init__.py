"""The change feed: what this process has heard of every dealer's events lately, and where a reader of it stands. No HTTP here."""
