"""What is asked of several services at once: the timeline of a visit, the reconciliation of deliveries. Each service is asked as
the dealer whose matter it is; nobody reads over all dealers at once. HTTP is unknown here."""
