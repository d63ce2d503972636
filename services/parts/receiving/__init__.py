"""Stock that comes in from suppliers, and corrections of the record (Rule P2); who waits for a part gets it at once."""
