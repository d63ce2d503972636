"""What stands before every page: who may send us something, how much of it, and what browsers are told about the answer."""

import math
import time
from urllib.parse import urlsplit

from flask import Response, abort, request
from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from console import entrance

SAFE = ("GET", "HEAD", "OPTIONS")
BODY_LIMIT = 1024 * 1024

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Asked again each time, yet what was typed is there when somebody goes back; signing out clears it (Clear-Site-Data).
    "Cache-Control": "private, no-cache",
}
LASTING = {"Strict-Transport-Security": "max-age=31536000"}


class Crowd:
    """Counts the requests of each address; every replica counts for itself."""

    def __init__(self, rate: RateLimitItem) -> None:
        self._rate = rate
        self._windows = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._windows)

    def seconds_to_wait(self, address: str) -> int:
        """Count one request; how long the address has to wait, 0 if not at all."""
        if self._windows.get_expiry(self._rate.key_for(address)) > time.time() + self._rate.get_expiry() + 1:
            self._windows.clear(self._rate.key_for(address))  # begun while the clock was ahead
        if self._limiter.hit(self._rate, address):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(self._rate, address).reset_time - time.time()))


def refuse_strangers() -> None:
    """Let nothing change at the wish of another site's page: its forms carry our cookie, but the browser says where they are."""
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site != "same-origin":
            abort(403)
        return
    if urlsplit(request.headers.get("Origin", "")).netloc != request.host:
        abort(403)


def protect(response: Response) -> None:
    """Say the headers that every answer has."""
    for name, value in HEADERS.items() if not entrance.settings().secure_cookie else {**HEADERS, **LASTING}.items():
        response.headers.setdefault(name, value)
