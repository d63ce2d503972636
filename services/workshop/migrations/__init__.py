"""workshop's database history: numbered revisions only."""
