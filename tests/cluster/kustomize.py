"""As much of kustomize as deploy/kubernetes uses, so that its manifests are held to the code without kubectl.

`make drills` renders them with kubectl and compares: what this makes of an overlay must be what kustomize makes of it.
"""

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

OVERLAYS = Path(__file__).parents[2] / "deploy/kubernetes/overlays"
KNOWN = {
    "apiVersion",
    "kind",
    "bases",
    "resources",
    "configurations",
    "nameSuffix",
    "commonLabels",
    "patchesStrategicMerge",
    "namespace",
    "images",
}
MERGED_BY = {"containers": "name", "env": "name", "volumes": "name", "volumeMounts": "mountPath", "ports": "containerPort"}
"""Lists of a pod whose entries a patch changes one by one, by what tells them apart; any other list is replaced."""
SELECTORS = {
    "Deployment": ("spec.selector.matchLabels", "spec.template.metadata.labels"),
    "PodDisruptionBudget": ("spec.selector.matchLabels",),
    "Service": ("spec.selector",),
}

Document = dict[str, Any]


def rendered(folder: Path) -> list[Document]:
    """What `kubectl kustomize` makes of the folder, in the order of its files. Raises ValueError for what is not known here."""
    plan = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))
    if set(plan) - KNOWN:
        raise ValueError(f"{folder}: not known: {', '.join(sorted(set(plan) - KNOWN))}")
    documents = [document for base in plan.get("bases", []) for document in rendered(folder / base)]
    documents += [document for file in plan.get("resources", []) for document in _read(folder / file)]
    for file in plan.get("patchesStrategicMerge", []):
        for patch in _read(folder / file):
            _patch(documents, patch)
    for document in documents:
        _label(document, plan.get("commonLabels", {}))
        _rename(document, plan.get("nameSuffix", ""))
        if "namespace" in plan and document["kind"] != "Namespace":
            document["metadata"]["namespace"] = plan["namespace"]
        for container in _pod(document).get("containers", []):
            for image in plan.get("images", []):
                if container["image"] == image["name"]:
                    container["image"] = f"{image['newName']}:{image['newTag']}"
    return documents


def _read(file: Path) -> list[Document]:
    found = [document for document in yaml.safe_load_all(file.read_text(encoding="utf-8")) if document]
    listed = [one for document in found for one in (document["items"] if document["kind"] == "List" else [document])]
    return deepcopy(listed)  # what two share by an anchor is each one's own


def _patch(documents: list[Document], patch: Document) -> None:
    # A patch of kustomize 2.0.3 names what it patches as its own file does, before any suffix.
    name, alike = patch["metadata"]["name"], [document for document in documents if document["kind"] == patch["kind"]]
    found = [document for document in alike if document["metadata"]["name"] in (name, f"{name}-{_label_of(document)}")]
    if len(found) != 1:
        raise ValueError(f"a patch for {len(found)} documents: {patch['kind']} {name}")
    (document,) = found
    document.update(_merged(document, {**patch, "metadata": document["metadata"]}, document["apiVersion"] == "apps/v1"))


def _label_of(document: Document) -> str:
    return str(document["metadata"].get("labels", {}).get("app.kubernetes.io/name", ""))


def _merged(old: Any, new: Any, by_key: bool, field: str = "") -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        return {name: _merged(old.get(name), new[name], by_key, name) if name in new else old[name] for name in {**old, **new}}
    key = MERGED_BY.get(field)
    if by_key and key and isinstance(old, list) and isinstance(new, list):
        before = {entry[key]: entry for entry in old}
        changed = [_merged(before.get(entry[key]), entry, by_key) for entry in new]
        return changed + [entry for entry in old if entry[key] not in {one[key] for one in new}]
    return deepcopy(new)


def _label(document: Document, labels: dict[str, str]) -> None:
    document["metadata"].setdefault("labels", {}).update(labels)
    for path in SELECTORS.get(document["kind"], ()):
        at(document, path).update(labels)
    for spread in _pod(document).get("topologySpreadConstraints", []):
        spread["labelSelector"]["matchLabels"].update(labels)


def _rename(document: Document, suffix: str) -> None:
    document["metadata"]["name"] += suffix
    if "serviceAccountName" in _pod(document):
        _pod(document)["serviceAccountName"] += suffix


def _pod(document: Document) -> dict[str, Any]:
    return at(document, "spec.template.spec") if document["kind"] in ("Deployment", "Job") else {}


def at(document: Document, path: str) -> Any:
    """What stands in the document at the path, such as `spec.replicas`; an empty dict where nothing does."""
    found: Any = document
    for name in path.split("."):
        found = found.get(name, {})
    return found
