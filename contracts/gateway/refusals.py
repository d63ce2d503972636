"""The codes with which gateway refuses; their sentences stand in the catalogues as `refusal.gateway.<code>`."""

REFUSALS = frozenset(
    {
        "dealer_registered",
        "login_taken",
        "client_id_taken",
        "last_administrator",
    }
)
