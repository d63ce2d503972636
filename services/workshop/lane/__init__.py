"""The reception lane (预检区): cars from the gate until an order is opened for them or they are sent on (Rule W1, ADR 0050)."""
