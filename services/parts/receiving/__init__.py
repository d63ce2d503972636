"""Stock that comes in from suppliers or goes back, and corrections of the record (Rule P2); reservations follow at once."""
