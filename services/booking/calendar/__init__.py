"""When the dealer takes cars in, how many at a time, which places are taken, and which slots to offer. Knows no appointments."""
