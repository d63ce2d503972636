"""ServiceLane installed as an operator installs it: databases and broker users provisioned, tables and topology migrated."""

import secrets
from pathlib import Path

from bench.arms.worker import OUT
from bench.data.sandbox import RUN, Sandbox
from deploy.dev.infrastructure import PROJECT
from deploy.local import installation

SERVICES = ("gateway", "booking", "workshop", "parts", "billing", "crm")


class Installation(installation.Installation):
    """An installation on its own databases and bus. `slug` tells those of one run apart."""

    def __init__(self, sandbox: Sandbox, slug: str, project: Path = PROJECT) -> None:
        environment = sandbox.provisioned(slug, SERVICES)
        own = {"JWT_SECRET": secrets.token_hex(32), "LOG_LEVEL": "WARNING", "ATTACHMENT_STORE": str(OUT / "attachments")}
        super().__init__({**environment, **own}, OUT, project)
        self.urls = {service: sandbox.admin_url(f"{RUN}_{slug}_{service}") for service in SERVICES}
        """Superusers' URLs by service."""
        self.vhost = f"{RUN}_{slug}"
        self.amqp_uri = sandbox.infrastructure.amqp_uri.rpartition("/")[0] + f"/{self.vhost}"
        self.prepare()
