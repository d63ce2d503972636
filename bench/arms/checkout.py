"""ServiceLane of any checkout: deployed, fed and checked by its own code, run in its folder by this interpreter."""

from pathlib import Path
from typing import Any

from bench.arms.ours import RUNNING, SEED_SECONDS, ServicesArm, SharedDeployment
from bench.arms.worker import Worker
from bench.data import supplier
from bench.data.mixes import Mix, Order
from bench.data.sandbox import Sandbox
from bench.fleet.installation import Installation


class CheckoutArm(ServicesArm):
    """S-svc of a checkout. The client that loads it is its own as well."""

    def __init__(self, sandbox: Sandbox, mix: Mix, name: str, project: Path) -> None:
        super().__init__(sandbox, mix, SharedDeployment(sandbox, mix))
        self.name, self.title, self.project = name, str(project), project

    def prepare(self) -> None:
        """A deployment of its own, with the orders that all others are like."""
        self._deployment = Installation(self.sandbox, self.name, self.project)
        self.urls = {service: self._deployment.urls[service] for service in RUNNING}
        self.amqp_uri = self._deployment.amqp_uri
        self._templates = self._ask({"mix": self.mix.name})

    def make(self, count: int) -> list[Order]:
        """Orders like the templates."""
        return [Order(*one) for one in self._ask({"urls": self.urls, "templates": self._templates, "count": count})]

    def violations(self) -> list[str]:
        """By its own invariants, of its own tables."""
        found: list[str] = self._ask({"urls": self.urls, "amqp_uri": self.amqp_uri})
        return found

    def _ask(self, job: dict[str, Any]) -> Any:
        environment = {**self._deployment.environment, "PYTHONPATH": str(self.project)}
        arguments = ["-W", "ignore", "-P", supplier.__file__]
        return Worker(f"{self.name}-supplier", arguments, environment, self.project).do(job, SEED_SECONDS)
