"""When the dealer takes cars in, and how many at a time. Knows no appointments."""
