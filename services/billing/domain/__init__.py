"""billing's rooms: one module per aggregate, with its rules and the use cases on it. No bus, no HTTP, no own clock."""
