"""Where attachments are kept, and how much of them; read once from the environment, errors name the variable."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from chassis.process.settings import Source
from chassis.wire.errors import SettingsError
from gateway.evidence.bucket import BucketStore, client_of
from gateway.evidence.folder import FolderStore
from gateway.evidence.store import Store

GIGABYTE = 1_000_000_000
_MOST_GIGABYTES = 1_000_000
_USUAL_GIGABYTES = 100
_USUAL_ENDPOINT = "https://s3.amazonaws.com"
_USUAL_REGION = "us-east-1"


@dataclass(frozen=True)
class EvidenceSettings:
    """`store` is a folder's path, or `s3://bucket/prefix`; `dealer_bytes` is how much one dealer may store."""

    store: str
    dealer_bytes: int
    endpoint: str
    region: str
    access_key: str
    secret_key: str

    def __repr__(self) -> str:
        return f"EvidenceSettings(store={self.store!r})"

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "EvidenceSettings":
        """Read the settings. Raises SettingsError naming the variable that is missing or wrong."""
        source = Source("gateway", environ)
        gigabytes = source.number("ATTACHMENT_GIGABYTES", int, _USUAL_GIGABYTES, least=1, most=_MOST_GIGABYTES)
        found = cls(
            store=source.required("ATTACHMENT_STORE"),
            dealer_bytes=gigabytes * GIGABYTE,
            endpoint=source.text("ATTACHMENT_S3_ENDPOINT", _USUAL_ENDPOINT),
            region=source.text("ATTACHMENT_S3_REGION", _USUAL_REGION),
            access_key=source.text("ATTACHMENT_S3_ACCESS_KEY", ""),
            secret_key=source.text("ATTACHMENT_S3_SECRET_KEY", ""),
        )
        found.check()
        return found

    def check(self) -> None:
        """Raises SettingsError for a place that cannot be one."""
        parts = urlsplit(self.store)
        if parts.scheme == "":
            if not Path(self.store).is_absolute():
                raise SettingsError(f"ATTACHMENT_STORE must be an absolute path or s3://bucket/prefix, not {self.store!r}")
            return
        if parts.scheme != "s3" or not parts.netloc:
            raise SettingsError(f"ATTACHMENT_STORE must be a folder's path or s3://bucket/prefix, not {self.store!r}")
        for name, value in (("ACCESS_KEY", self.access_key), ("SECRET_KEY", self.secret_key)):
            if not value:
                raise SettingsError(f"ATTACHMENT_S3_{name} is not set")
        endpoint = urlsplit(self.endpoint)
        if endpoint.scheme not in ("http", "https") or not endpoint.netloc or endpoint.path.strip("/"):
            raise SettingsError(f"ATTACHMENT_S3_ENDPOINT must be a URL such as {_USUAL_ENDPOINT}, not {self.endpoint!r}")

    def open(self) -> Store:
        """The store. Raises SettingsError for one that cannot be used."""
        parts = urlsplit(self.store)
        if parts.scheme == "":
            return FolderStore(Path(self.store))
        endpoint = urlsplit(self.endpoint)
        client = client_of(endpoint.netloc, self.access_key, self.secret_key, self.region, secure=endpoint.scheme == "https")
        return BucketStore(client, parts.netloc, parts.path.strip("/"))
