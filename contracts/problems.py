"""The codes with which the HTTP interface itself says no, and their status; their sentences stand in the catalogues as
`problem.<code>`, what to do about them as `remedy.<code>`.

A problem's `type` is where it is explained: `/problems/` and the code with dashes. The code never changes. Refusals by a rule of
the trade stand in the `refusals` of the service whose rule it is; their status is always REFUSED.
"""

REFUSED = 409

PROBLEMS: dict[str, int] = {
    "malformed_request": 400,
    "idempotency_key_missing": 400,
    "malformed_idempotency_key": 400,
    "malformed_if_match": 400,
    "not_authenticated": 401,
    "invalid_credentials": 401,
    "session_ended": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "request_too_slow": 408,
    "version_is_stale": 412,
    "document_changed": 412,
    "request_too_large": 413,
    "unsupported_media_type": 415,
    "range_not_satisfiable": 416,
    "invalid": 422,
    "not_yet_known": 422,
    "idempotency_key_reused": 422,
    "if_match_missing": 428,
    "too_many_requests": 429,
    "too_many_streams": 429,
    "internal_error": 500,
    "service_unavailable": 503,
    "bus_unavailable": 503,
    "bus_blocked": 503,
    "database_unavailable": 503,
    "attachment_store_unavailable": 503,
    "too_busy": 503,
    "shutting_down": 503,
    "deadline_exceeded": 504,
    "outcome_unknown": 504,
}
