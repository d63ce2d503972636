"""The gate pass: a car leaves once, and only when its order's account is settled."""
