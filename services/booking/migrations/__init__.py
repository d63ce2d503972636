"""booking's database history: numbered revisions only."""
