"""billing's database history: numbered revisions only."""
