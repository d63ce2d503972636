"""To whom health records are handed (Rule W32): one small interface, and the one adapter there is, over HTTP.

The receiver is named by the process's setting HEALTH_RECORD_URL; without it nothing is due. It is sent the record by POST, JSON
with the record's business key as Idempotency-Key: 201 says that it has it, 200 that it had it, 422 that it refuses it, with
`reason`. Whatever else it answers, or nothing, settles nothing: the record is sent again.
"""

import json
import os
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import urlsplit

import urllib3

from chassis.wire.errors import SettingsError
from services.workshop.order_file.health_record import HealthRecordDocument

SETTINGS = ("WORKSHOP_HEALTH_RECORD_URL", "HEALTH_RECORD_URL")
PATIENCE = urllib3.Timeout(connect=1.5, read=2.5)
"""Shorter than the leader may be silent for (chassis/store/leadership.py)."""
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
        """As `Receiver`. No redirect is followed: the address is the operator's to set."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": record.business_key}
        body = json.dumps(record.store(), ensure_ascii=False).encode()
        try:
            with urllib3.PoolManager(retries=False, timeout=PATIENCE) as pool:
                answer = pool.request("POST", self.url, body=body, headers=headers, redirect=False, preload_content=False)
                said = answer.read(MOST_READ)
                answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            return Answered("missed", type(error).__name__)
        if answer.status in (200, 201):
            return Answered("taken")
        if answer.status == 422:  # what the receiver says of the record itself
            return Answered("refused", _reason(said))
        return Answered("missed", f"HTTP {answer.status}")


def receiver() -> Receiver | None:
    """Whoever takes this process's records; None where none is named. Raises SettingsError for what is no address."""
    url = next((os.environ[name].strip() for name in SETTINGS if os.environ.get(name, "").strip()), "")
    if not url:
        return None
    try:
        valid = urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname and urlsplit(url).port != 0
    except ValueError:  # a port that is no number
        valid = False
    if not valid:
        raise SettingsError("HEALTH_RECORD_URL must be an address such as https://records.example/v1, or empty for none")
    return OverHttp(url)


def _reason(said: bytes) -> str:
    try:
        told = json.loads(said)
    except ValueError:
        return said.decode(errors="replace") or "422"
    return str(told.get("reason") or told) if isinstance(told, dict) else str(told)
