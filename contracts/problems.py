"""The codes with which the HTTP interface itself says no; their sentences stand in the catalogues as `problem.<code>`.

A problem's `type` is `urn:servicelane:problem:` and the code with dashes; the code never changes. Refusals by a rule of the trade
stand in the `refusals` of the service whose rule it is.
"""

PROBLEMS = frozenset(
    {
        "malformed_request",
        "idempotency_key_missing",
        "malformed_idempotency_key",
        "malformed_if_match",
        "not_authenticated",
        "invalid_credentials",
        "forbidden",
        "not_found",
        "method_not_allowed",
        "not_acceptable",
        "version_is_stale",
        "request_too_large",
        "unsupported_media_type",
        "invalid",
        "not_yet_known",
        "idempotency_key_reused",
        "if_match_missing",
        "too_many_requests",
        "internal_error",
        "service_unavailable",
        "bus_unavailable",
        "bus_blocked",
        "database_unavailable",
        "too_busy",
        "shutting_down",
        "deadline_exceeded",
        "outcome_unknown",
    }
)
