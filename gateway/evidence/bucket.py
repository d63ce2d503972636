"""Files in S3-compatible object storage, by the MinIO client: it is a tenth of the size of Amazon's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog
import urllib3
from minio import Minio
from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError

from chassis.wire.errors import SettingsError
from gateway.evidence.store import BLOCK, Content, away

log = structlog.get_logger()

_AWAY = (MinioException, HTTPError, OSError)
_ABSENT = "NoSuchKey"
_PART_BYTES = 8 * 1024 * 1024
"""What is held in memory of a file that is put."""
_CONNECT_SECONDS, _READ_SECONDS = 5.0, 30.0
_CONNECTIONS = 50


class BucketStore:
    """Keeps files in a bucket, below a prefix. Raises SettingsError if there is no such bucket, or it is not ours."""

    def __init__(self, client: Minio, bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        try:
            if not client.bucket_exists(bucket):
                raise SettingsError(f"ATTACHMENT_STORE: there is no bucket {bucket}")
        except S3Error as error:
            raise SettingsError(f"ATTACHMENT_STORE: bucket {bucket} cannot be used: {error.code}") from error
        except _AWAY as error:  # as with a database that is away: it may be back when it is needed
            log.warning("attachment_store_away_at_start", bucket=bucket, reason=type(error).__name__)

    def put(self, key: str, file: Path, content_type: str) -> None:
        """As Store says."""
        try:
            self._client.fput_object(
                self._bucket, self._prefix + key, str(file), content_type, part_size=_PART_BYTES, num_parallel_uploads=1
            )
        except _AWAY as error:
            raise away(error) from error

    def get(self, key: str, start: int = 0, length: int | None = None) -> Content | None:
        """As Store says."""
        try:
            answer = self._client.get_object(self._bucket, self._prefix + key, offset=start, length=length or 0)
        except S3Error as error:
            if error.code == _ABSENT:
                return None
            raise away(error) from error
        except _AWAY as error:
            raise away(error) from error
        return Content(_whole_size(answer), _blocks(answer), lambda: _end(answer))

    def delete(self, key: str) -> None:
        """As Store says."""
        try:
            self._client.remove_object(self._bucket, self._prefix + key)
        except _AWAY as error:
            raise away(error) from error


def client_of(endpoint: str, access_key: str, secret_key: str, region: str, *, secure: bool) -> Minio:
    """The client of an object storage, which waits for nothing for ever."""
    pool = urllib3.PoolManager(
        maxsize=_CONNECTIONS,
        timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS),
        retries=urllib3.Retry(total=2, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504)),
    )
    return Minio(endpoint, access_key, secret_key, region=region, secure=secure, http_client=pool)


def _whole_size(answer: Any) -> int:
    ranged = answer.headers.get("Content-Range", "")
    return int(ranged.rpartition("/")[2] if ranged else answer.headers["Content-Length"])


def _blocks(answer: Any) -> Iterator[bytes]:
    try:
        yield from answer.stream(BLOCK)
    except HTTPError as error:
        raise away(error) from error


def _end(answer: Any) -> None:
    answer.close()
    answer.release_conn()
