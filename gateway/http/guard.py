"""What every request must pass before its contract is asked, in this order: token, dealer, role, rate, headers, body.
Whoever holds a one-time link has its token, and needs no role.

The order is a promise: who may not see a dealer learns nothing about it, not even which headers a route wants.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Sequence

import structlog
from flask import g, request

from chassis.wire.call import Call
from chassis.wire.codec import schema_of
from chassis.wire.fields import DEALER_ID, ID
from gateway.http import reading, uploads
from gateway.http.problems import Problem
from gateway.http.rates import Rates
from gateway.http.standing import Identity, Standing
from gateway.http.table import Row
from gateway.http.tokens import BadToken, Tokens

log = structlog.get_logger()

# Weak ones, too: what is compared is the object's version, and an answer that was compressed on its way has a weak tag.
_IF_MATCH = re.compile(r'(?:W/)?"([0-9]{1,18})(?:-[0-9a-f]{16})?"')
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_LINK_TOKEN = re.compile("[A-Za-z0-9_-]{43,86}")
"""256 random bits or more, in base64url."""
BY_LINK = "link"
"""The actor of what is done by a one-time link."""
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="servicelane"'}


class Guard:
    """Lets a request through as a Call, or raises the Problem that says why not."""

    def __init__(self, tokens: Tokens, standing: Standing, rates: Rates, *, secrets: Sequence[str], usual_seconds: float) -> None:
        self._tokens = tokens
        self._standing = standing
        self._rates = rates
        # Keyed, because some requests carry a password: the hash that is stored with the key must not help to guess it.
        # With the previous secret's, too: a repeat is recognised while one takes the place of the other.
        self._hash_keys = [hashlib.sha256(b"idempotency:" + secret.encode()).digest() for secret in secrets]
        self._usual_seconds = usual_seconds

    def admit(self, row: Row, dealer: str | None) -> Call:
        """The call this request may make. The parsed body is left in `g.body`, what its caller has proven in `g.proven`."""
        g.proven = {}
        if row.route.scope == "link":
            identity, roles = self._holder(dealer or ""), frozenset[str]()
        else:
            identity = g.identity = self.identify()
            roles = _roles(identity, dealer)
            if not row.allows(roles):
                raise Problem.role_missing(row.route.roles)
            g.rates = self._rates.count_request(identity, dealer)
        key = _idempotency_key(row)
        if_match = _if_match(row)
        reading.check_query(schema_of(row.route.request).fields, is_command=row.is_command)
        canonical = self._read_body(row)
        known_by, known_before = self._request_hashes(canonical) if row.is_command else (None, None)
        return Call(
            dealer=dealer,
            principal=identity.principal,
            actor=identity.actor,
            roles=tuple(sorted(roles)),
            deadline=time.time() + row.seconds(self._usual_seconds),
            idempotency_key=key,
            request_hash=known_by,
            request_hash_before=known_before,
            if_match=if_match,
            correlation_id=_correlation_id(),
            traceparent=g.traceparent,
        )

    def identify(self) -> Identity:
        """Who presents the request's bearer token. Raises Problem 401."""
        try:
            claim = self._tokens.read(_bearer_token())
        except BadToken as error:
            raise _no_longer_good(str(error)) from None
        identity = self._standing.of(claim)
        if identity is None:
            raise _no_longer_good("unknown or locked, an earlier secret's, or its session has ended")
        g.claim = claim
        return identity

    def still(self, row: Row, dealer: str) -> Callable[[], bool]:
        """Asks, after the answer has begun, whether who made this request might make it now."""
        claim = g.claim

        def admitted() -> bool:
            identity = self._standing.of(claim)
            return identity is not None and row.allows(identity.dealers.get(dealer, frozenset()))

        return admitted

    def _holder(self, dealer: str) -> Identity:
        """Whoever holds the one-time link whose token is presented; whether there is such a link, its service knows.

        The token ends here: what goes on follows from its hash. Raises Problem 401 without a token, 429, and 404 for what can be
        no link's.
        """
        token = _bearer_token()
        g.rates = self._rates.count_visitor(request.remote_addr or "")
        if _LINK_TOKEN.fullmatch(token) is None or re.fullmatch(DEALER_ID, dealer) is None:
            raise Problem.nothing_here()
        g.dealer = dealer
        token_hash = hashlib.sha256(token.encode()).hexdigest()
        g.proven = {"token_hash": token_hash}
        return Identity(principal=f"link:{token_hash[:32]}", actor=BY_LINK, locale="", dealers={}, group_roles=frozenset())

    def _read_body(self, row: Row) -> bytes:
        request.max_content_length = row.body_limit
        g.body = g.file = None
        if row.uploads:
            reading.check_type(reading.JSON, uploads.FORM, or_none=True)
            g.body = uploads.read_upload(row)
            return reading.canonical(g.body)
        if uploads.is_form(row):
            g.body = uploads.read_form()
            return reading.canonical(g.body)
        if not row.is_command or not request.get_data():
            return b""
        if uploads.takes_file(row) and request.mimetype != reading.JSON:
            reading.check_type(reading.JSON, uploads.FORM)
        g.body = reading.read_json()
        return reading.canonical(g.body)

    def _request_hashes(self, canonical: bytes) -> tuple[str, str | None]:
        request_line = f"{request.method}\n{request.path}\n".encode()
        now, *before = (hmac.new(key, request_line + canonical, hashlib.sha256).hexdigest() for key in self._hash_keys)
        return now, before[0] if before else None


def _bearer_token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem(401, "not_authenticated", headers=_CHALLENGE)
    return token.strip()


def _no_longer_good(why: str) -> Problem:
    """Whoever asks is not told why; the log is."""
    log.info("token_refused", why=why)
    return Problem(401, "not_authenticated", headers={"WWW-Authenticate": 'Bearer realm="servicelane", error="invalid_token"'})


def _roles(identity: Identity, dealer: str | None) -> frozenset[str]:
    if dealer is None:
        return identity.group_roles
    roles = identity.dealers.get(dealer)
    if roles is None:
        raise Problem.nothing_here()
    g.dealer = dealer
    return roles


def _idempotency_key(row: Row) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        if row.needs_key:
            raise Problem(400, "idempotency_key_missing")
        return None
    if _KEY.fullmatch(key) is None:
        raise Problem(400, "malformed_idempotency_key")
    return key


def _if_match(row: Row) -> int | None:
    header = request.headers.get("If-Match")
    if not row.is_command:
        return None
    if header is None:
        if row.route.if_match:
            raise Problem(428, "if_match_missing")
        return None
    found = _IF_MATCH.fullmatch(header.strip())
    if found is None:
        raise Problem(400, "malformed_if_match")
    return int(found[1])


def _correlation_id() -> str | None:
    given = request.headers.get("X-Correlation-Id", "")
    return given if re.match(ID, given) else None
