"""The gateway as the console sees it: one HTTP client with kept connections, deadlines, and refusals as typed errors.

Every call names who asks (token, language, the browser's address) and carries the request's id. A call that may be repeated - a
read, or a command under its key - is repeated once when the line broke or nobody was there to answer.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import eventlet
import urllib3

from console.sending import Multipart, Upload

REPEATABLE = (502, 503, 504)
PAUSE_SECONDS = 0.2
UPLOAD_SECONDS = 180.0
"""So long may it take the gateway to take a file and look at it."""
CONNECTIONS = 200
"""So many kept connections to the gateway; more are opened when needed, and closed afterwards."""
REACH_SECONDS, SILENT_SECONDS = 5.0, 25.0
"""How long a stream may take to be reached, and to say something: a line comes every 15 seconds at least."""
REFUSED, ABSENT, STALE, SERVER_ERROR = 400, 404, 412, 500
PROBLEM, JSON, FORM = "application/problem+json", "application/json", "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Caller:
    """On whose behalf a call is made: nobody's without a token. `address` is what X-Forwarded-For says."""

    language: str
    request_id: str
    address: str
    token: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True)
class Answer:
    """What was answered."""

    status: int
    body: Any


class Refusal(Exception):
    """The gateway said no, or could not be reached.

    `code` is the problem's stable code, `sentence` what it says to people, `errors` the sentences by field. Of an unreachable
    gateway the code is `gateway_unreachable`, and the sentence is the console's to say.
    """

    def __init__(
        self,
        status: int,
        code: str,
        sentence: str = "",
        errors: Mapping[str, list[str]] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.errors = dict(errors or {})
        self.details = dict(details or {})

    @property
    def absent(self) -> bool:
        """Whether there is no such thing, or none that the caller may see."""
        return self.status == ABSENT

    @classmethod
    def of(cls, answer: urllib3.BaseHTTPResponse) -> "Refusal":
        """What a problem document says; what is none comes from something between us and the gateway."""
        if answer.headers.get("Content-Type", "").partition(";")[0] != PROBLEM:
            return cls(502, UNREACHABLE)
        problem = answer.json()
        return cls(
            answer.status,
            problem["code"],
            problem.get("detail") or problem["title"],
            problem.get("errors"),
            problem.get("details"),
        )


UNREACHABLE = "gateway_unreachable"


class Late(Exception):
    """The gateway did not answer within the deadline."""


@dataclass(frozen=True)
class Call:
    """One request to the gateway; `path` begins with /v1. `form` is sent as a form, `body` as JSON, or with an `upload` as a
    form that has the file. `more` are further headers; of a `streamed` answer the body is the answer itself, to be
    read and closed.
    """

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    upload: Upload | None = None
    more: Mapping[str, str] = field(default_factory=dict)
    streamed: bool = False
    key: str | None = None
    if_match: str | None = None
    harmless: bool = False

    @property
    def repeatable(self) -> bool:
        """Whether it may be made twice: what is only read, overwritten as it was seen, done once under its key, or harmless."""
        return self.method != "POST" or self.key is not None or self.harmless

    @property
    def target(self) -> str:
        """Path and query; what is None is not asked."""
        asked = {name: value for name, value in self.query.items() if value is not None}
        return f"{self.path}?{urlencode(asked, doseq=True)}" if asked else self.path

    @property
    def content(self) -> bytes | None:
        """What is sent as the body."""
        if self.form is not None:
            return urlencode(self.form).encode()
        return None if self.body is None else json.dumps(self.body).encode()

    def headers(self, caller: Caller) -> dict[str, str]:
        """What goes with it."""
        known = {
            "Content-Type": FORM if self.form is not None else JSON if self.body is not None else None,
            "Accept-Language": caller.language,
            "X-Request-Id": caller.request_id,
            "X-Forwarded-For": caller.address,
            "traceparent": caller.traceparent,
            "Authorization": caller.token and f"Bearer {caller.token}",
            "Idempotency-Key": self.key,
            "If-Match": self.if_match,
        }
        return {**{name: value for name, value in known.items() if value}, **self.more}


class Stream:
    """A stream of server-sent events that goes on; close it."""

    def __init__(self, answer: urllib3.BaseHTTPResponse) -> None:
        self._answer = answer

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *error: object) -> None:
        self._answer.close()

    def lines(self) -> Iterator[bytes]:
        """Its lines as they come, until its end. Raises Refusal when it breaks off or is silent for too long."""
        try:
            for line in self._answer:
                yield line.rstrip(b"\r\n")
        except urllib3.exceptions.HTTPError as error:
            raise Refusal(502, UNREACHABLE) from error


class Gateway:
    """The client; any number of green threads may use it."""

    def __init__(self, url: str, *, seconds: float) -> None:
        self._seconds = seconds
        # No proxy of the environment is between console and gateway, nothing is repeated or followed unasked, no cookie is kept.
        self._pool = urllib3.connection_from_url(url, maxsize=CONNECTIONS, retries=False)

    def ask(self, call: Call, caller: Caller) -> Answer:
        """The answer. Raises Refusal for everything that is none."""
        attempts = 2 if call.repeatable else 1
        try:
            with eventlet.Timeout(UPLOAD_SECONDS if call.upload else self._seconds, Late()):
                while True:
                    attempts -= 1
                    try:
                        answer = self._send(call, caller)
                    except urllib3.exceptions.HTTPError:
                        if not attempts:
                            raise
                    else:
                        if answer.status not in REPEATABLE or not attempts:
                            break
                    eventlet.sleep(PAUSE_SECONDS)
        except (Late, urllib3.exceptions.HTTPError) as error:
            raise Refusal(504 if isinstance(error, Late) else 502, UNREACHABLE) from error
        if answer.status >= REFUSED:
            with closing(answer):
                raise Refusal.of(answer)
        if call.streamed:
            return Answer(answer.status, answer)
        return Answer(answer.status, answer.json() if answer.data else None)

    def listen(self, path: str, caller: Caller, last: str) -> Stream:
        """The stream at this path, from behind the event with the id `last` on. Raises Refusal for everything that is none."""
        headers = {
            **Call("GET", path).headers(caller),
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
            "Last-Event-ID": last,
        }
        times = urllib3.Timeout(connect=REACH_SECONDS, read=SILENT_SECONDS)
        try:
            answer = self._pool.urlopen("GET", path, headers=headers, timeout=times, preload_content=False)
            if answer.status >= REFUSED:
                with closing(answer):
                    raise Refusal.of(answer)
        except urllib3.exceptions.HTTPError as error:
            raise Refusal(502, UNREACHABLE) from error
        return Stream(answer)

    def answers(self) -> bool:
        """Whether something answers there: whatever it says, it is a gateway at work."""
        try:
            return self._pool.request("GET", "/problems", timeout=2).status < SERVER_ERROR
        except urllib3.exceptions.HTTPError:
            return False

    def _send(self, call: Call, caller: Caller) -> urllib3.BaseHTTPResponse:
        headers, seconds = call.headers(caller), self._seconds
        content: bytes | Multipart | None = call.content
        if call.upload is not None:
            content, seconds = Multipart(call.body or {}, call.upload), UPLOAD_SECONDS
            headers |= {"Content-Type": content.content_type, "Content-Length": str(len(content))}
        return self._pool.urlopen(
            call.method, call.target, body=content, headers=headers, timeout=seconds, preload_content=not call.streamed
        )
