"""To whom health records are handed (Rule W32): one small interface, and the one adapter there is, over HTTP.

The receiver is named by the process's setting HEALTH_RECORD_URL; without it nothing is due. It is sent the record by POST, JSON
with the record's business key as Idempotency-Key, and with the user and password of the address, if it has them. 201 says that it
has it, 200 that it had it, 422 that it refuses it, with `reason`. Whatever else it answers, or nothing, settles nothing: it is
sent again.
"""

import json
from base64 import b64encode
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Literal, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from chassis import setting, within
from chassis.wire.errors import SettingsError
from chassis.wire.legible import legible
from services.workshop.order_file.health_record import HealthRecordDocument

SETTING = "HEALTH_RECORD_URL"
IN_ALL_SECONDS = 4.0
"""From connecting to the last byte of the answer, however it trickles; no other record is sent meanwhile.

Less than the leader may be silent for (chassis/store/leadership.py).
"""
MOST_READ = 10_000


@dataclass(frozen=True)
class Answered:
    """What came of sending a record: `taken`, `refused` for a reason, or `missed`, which says nothing of the record."""

    outcome: Literal["taken", "refused", "missed"]
    reason: str = ""


class Receiver(Protocol):
    """Whoever takes health records; knows each by its business key, and has it once however often it is sent."""

    def hand_over(self, record: HealthRecordDocument) -> Answered:
        """Send it once, within a few seconds; raises nothing."""


@dataclass(frozen=True)
class OverHttp:
    """A receiver behind an address."""

    url: str

    def hand_over(self, record: HealthRecordDocument) -> Answered:
        """As `Receiver`. No redirect is followed: the address is the operator's to set. Nothing that logs is told it."""
        try:
            with within(IN_ALL_SECONDS):
                return _answered(*self._post(record))
        except (OSError, HTTPException) as error:
            return Answered("missed", type(error).__name__)

    def _post(self, record: HealthRecordDocument) -> tuple[int, bytes]:
        address = urlsplit(self.url)
        path = address._replace(scheme="", netloc="", fragment="").geturl() or "/"
        body = json.dumps(record.store(), ensure_ascii=False).encode()
        told = {"Content-Type": "application/json", "Idempotency-Key": record.business_key, **_credentials(address)}
        connect = HTTPSConnection if address.scheme == "https" else HTTPConnection
        with closing(connect(address.hostname or "", address.port, timeout=IN_ALL_SECONDS)) as connection:
            connection.request("POST", path, body, told)
            answer = connection.getresponse()
            return answer.status, answer.read(MOST_READ)


def receiver() -> Receiver | None:
    """Whoever takes this process's records; None where none is named. Raises SettingsError for what is no address."""
    url = setting("workshop", SETTING)
    if not url:
        return None
    try:
        valid = urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname and urlsplit(url).port != 0
    except ValueError:  # a port that is no number
        valid = False
    if not valid or not url.isascii() or not url.isprintable() or " " in url:
        raise SettingsError("HEALTH_RECORD_URL must be an address such as https://records.example/v1, or empty for none")
    return OverHttp(url)


def _credentials(address: SplitResult) -> dict[str, str]:
    if address.username is None:
        return {}
    told = f"{unquote(address.username)}:{unquote(address.password or '')}"
    return {"Authorization": f"Basic {b64encode(told.encode()).decode()}"}


def _answered(status: int, said: bytes) -> Answered:
    if status in (200, 201):
        return Answered("taken")
    if status == 422:  # what the receiver says of the record itself
        return Answered("refused", " ".join(legible(_reason(said)).split()) or "HTTP 422")
    return Answered("missed", f"HTTP {status}")


def _reason(said: bytes) -> str:
    plain = said.decode(errors="replace")
    try:
        told = json.loads(plain)
    except (ValueError, RecursionError):
        return plain
    if isinstance(told, dict) and "reason" in told:
        return str(told["reason"] or "")
    return plain if told else ""
