"""crm's rooms: the aggregates with their rules, and the use cases on them. No bus, no HTTP, no clock but the one given."""
