"""crm's database history: numbered revisions only."""
