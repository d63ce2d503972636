"""deploy/backup/kubernetes.yaml: known to Kubernetes, of every database, by the script and the secrets that there are."""

from typing import Any

import kubernetes_validate
import pytest
import yaml

from deploy.dev.infrastructure import PROJECT
from servicelane.suite import SERVICES
from tests.cluster.manifests import Manifests, at, selects
from tests.cluster.running import NEWEST, OLDEST
from tests.packaging.composition import Composition

FILE = PROJECT / "deploy/backup/kubernetes.yaml"


@pytest.fixture
def documents() -> dict[str, Any]:
    """By their kinds."""
    return {one["kind"]: one for one in yaml.safe_load_all(FILE.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_kubernetes_knows_every_field(documents: dict[str, Any], version: str) -> None:
    """Strictly, and a field that it does not know is noticed."""
    for document in documents.values():
        kubernetes_validate.validate(document, version, strict=True)
    documents["CronJob"]["spec"]["retention"] = "30d"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(documents["CronJob"], version, strict=True)


def test_it_backs_up_what_compose_does_from_a_server_that_lets_it_in(documents: dict[str, Any]) -> None:
    """The same command, image and bounds; its pods may ask the database, as the network policies of `small` have it."""
    template = at(documents["CronJob"], "spec.jobTemplate.spec.template")
    (container,) = template["spec"]["containers"]
    same, small = Composition.of().tools["backup"], Manifests.of("small")
    assert container["command"] == same["command"]
    assert container["command"][3:] == [*SERVICES]
    assert container["image"] == same["image"]
    assert container["resources"]["limits"]["cpu"] == same["deploy"]["resources"]["limits"]["cpus"]
    variables = {one["name"]: one.get("value") for one in container["env"]}
    assert {*same["environment"]} - {"PASSWORD_FILE"} <= {*variables}
    assert variables["PGHOST"].removesuffix("-rw") in small.all("Cluster")
    claims = [at(one, "persistentVolumeClaim.claimName") for one in template["spec"]["volumes"]]
    assert documents["PersistentVolumeClaim"]["metadata"]["name"] in claims
    let_in = [
        peer["podSelector"]
        for policy in small.all("NetworkPolicy").values()
        for rule in at(policy, "spec.ingress") or []
        if any(one.get("port") == 5432 for one in rule.get("ports", []))
        for peer in rule["from"]
        if "podSelector" in peer
    ]
    assert any(selects(one, template["metadata"]["labels"]) for one in let_in)
    leaving = [
        policy
        for policy in small.all("NetworkPolicy").values()
        if "Egress" in policy["spec"]["policyTypes"] and selects(policy["spec"]["podSelector"], template["metadata"]["labels"])
    ]
    assert any(
        one.get("port") == 5432
        for policy in leaving
        for rule in policy["spec"].get("egress", [])
        for one in rule.get("ports", [])
    )
