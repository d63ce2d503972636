"""deploy/kubernetes with an operator's own tools: rendered by kubectl, its custom resources held against their schemas."""

import os
import shutil
import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.cluster.kustomize import OVERLAYS, Document, rendered
from tests.cluster.running import CUSTOM

pytestmark = pytest.mark.drill

SCHEMAS = "CRD_SCHEMAS"
"""The variable that names a folder with the operators' definitions, one file each: *.yaml, kind CustomResourceDefinition."""
every_overlay = pytest.mark.parametrize("overlay", ["small", "group"])


def name(document: Document) -> tuple[str, str]:
    """What a document is known by."""
    return document["kind"], document["metadata"]["name"]


@every_overlay
def test_kustomize_makes_of_an_overlay_what_the_checks_were_asked_about(overlay: str) -> None:
    """Any kustomize from 2.0.3, kubectl's of 1.14, on: field by field what tests/cluster/kustomize.py makes of it."""
    kubectl = shutil.which(os.environ.get("KUBECTL", "kubectl"))
    if kubectl is None:
        pytest.skip("there is no kubectl: nothing was rendered (Debian's package is kubernetes-client; KUBECTL names another)")
    command = [kubectl, "kustomize", str(OVERLAYS / overlay)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    theirs = {name(document): document for document in yaml.safe_load_all(done.stdout)}
    ours = {name(document): document for document in rendered(OVERLAYS / overlay)}
    assert theirs.keys() == ours.keys()
    for one, document in theirs.items():
        assert document == ours[one], one


@pytest.fixture(scope="module")
def definitions() -> dict[tuple[str, str], dict[str, Any]]:
    """The schema of each custom resource, by its version and kind."""
    folder = os.environ.get(SCHEMAS)
    if not folder:
        pytest.skip(f"{SCHEMAS} names no folder: no custom resource was held against its operator's schema")
    found = {}
    for file in sorted(Path(folder).glob("*.yaml")):
        for document in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            for version in document["spec"]["versions"]:
                key = f"{document['spec']['group']}/{version['name']}", document["spec"]["names"]["kind"]
                found[key] = closed(version["schema"]["openAPIV3Schema"])
    return found


def closed(schema: Any) -> Any:
    """The schema with every object closed: a cluster drops a field it does not know without a word, here it is an error."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {field: closed(inner) for field, inner in schema.items()}
    if found.pop("x-kubernetes-int-or-string", False):
        found.pop("type", None)
    whole = "apiVersion" in schema.get("properties", {}) and "kind" in schema.get("properties", {})
    if isinstance(schema.get("properties"), dict) and not schema.get("x-kubernetes-preserve-unknown-fields"):
        if whole:
            found["properties"]["metadata"] = {"type": "object"}
        found.setdefault("additionalProperties", False)
    return found


def complaints(document: Document, definitions: dict[tuple[str, str], dict[str, Any]]) -> list[str]:
    """What its operator would not take of a custom resource, or would drop."""
    schema = definitions.get((document["apiVersion"], document["kind"]))
    if schema is None:
        return [f"there is no {document['kind']} of {document['apiVersion']}"]
    found = jsonschema.Draft202012Validator(schema).iter_errors(document)
    return [f"{'.'.join(map(str, one.path))}: {one.message}" for one in found]


def custom(overlay: str) -> list[Document]:
    """The custom resources of an overlay."""
    return [document for document in rendered(OVERLAYS / overlay) if document["kind"] in CUSTOM]


@every_overlay
def test_operators_know_every_field(overlay: str, definitions: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Each custom resource against the schema of its operator, closed."""
    found = [(name(document), one) for document in custom(overlay) for one in complaints(document, definitions)]
    assert found == []
    assert custom(overlay)


@pytest.mark.parametrize("kind", sorted(CUSTOM))
def test_the_schemas_go_red(kind: str, definitions: dict[tuple[str, str], dict[str, Any]]) -> None:
    """A field that nobody knows, one of another type and one that is missing are each noticed."""
    document = next(document for document in custom("group") if document["kind"] == kind)
    unknown, other, missing = deepcopy(document), deepcopy(document), deepcopy(document)
    unknown["spec"]["replicaz"] = 3
    other["spec"] = {field: {"number": []} for field in other["spec"]}
    missing["apiVersion"] = missing["apiVersion"] + "alpha9"
    assert "replicaz" in str(complaints(unknown, definitions))
    assert complaints(other, definitions)
    assert complaints(missing, definitions)
