"""`make packaging`: what the image is, what is in it, and that it is made of the revision and of nothing else."""

import hashlib
import json
import os

import pytest

from deploy.dev.containers import engine
from deploy.dev.infrastructure import PROJECT
from deploy.dev.processes import say
from deploy.image.building import Built, build

pytestmark = pytest.mark.packaging

NETWORK = os.environ.get("BUILD_NETWORK")
MOST_MEGABYTES = 180
"""More than the image has above what it stands on."""


def test_the_image_says_what_it_is_and_what_is_in_it(built: Built) -> None:
    """Version, revision and licence as labels, no address of anybody; every locked package in its bill of materials."""
    revision = built.revision
    labels = {name.removeprefix("org.opencontainers.image."): value for name, value in built.labels.items()}
    assert (labels["version"], labels["revision"], labels["licenses"]) == (revision.version, revision.name, "Apache-2.0")
    assert "://" not in str(labels)
    materials = json.loads(built.file("/opt/servicelane/sbom.cdx.json"))
    assert (materials["bomFormat"], materials["specVersion"]) == ("CycloneDX", "1.6")
    named = {one["name"].lower().replace("_", "-"): one["version"] for one in materials["components"]}
    lock = (PROJECT / "deploy/runtime.lock").read_text(encoding="utf-8")
    locked = dict(line.split(" ")[0].split("==") for line in lock.splitlines() if "==" in line and not line.startswith(" "))
    del locked["setuptools"]  # it builds, and is taken away
    assert {name.replace(".", "-"): version for name, version in locked.items()}.items() <= {
        name.replace(".", "-"): version for name, version in named.items()
    }.items()


def test_the_image_is_small_and_has_nothing_to_build_with(built: Built) -> None:
    """No compiler, no installer, no cache; run by nobody else than its own user."""
    base = engine().images.get("python:3.11-slim-bookworm")
    added = built.megabytes - float(base.attrs["Size"]) / 1e6
    say(f"the image: {built.megabytes:.0f} MB, {added:.0f} of them ours")
    assert added < MOST_MEGABYTES
    assert built.image.attrs["Config"]["User"] == "10001"
    names = [name for name, _ in built.files("/opt/servicelane")]
    unwanted = ("/pip/", "/setuptools/", "/bin/pip", "cyclonedx", "/.cache/", "/tests/")
    assert [name for name in names if any(one in name for one in unwanted) and "dist-info" not in name] == []
    command = ["sh", "-c", "command -v cc gcc g++ make ld; ls -A /root /tmp 2>/dev/null | grep -i cache; true"]
    assert engine().containers.run(built.image, command, remove=True, network_mode="none") == b""


def test_two_builds_of_one_revision_are_the_same_to_the_byte(built: Built) -> None:
    """Built anew, every step: the same files with the same content, and the same layers."""
    again_tag = f"{built.tags[0]}-again"
    again = build(built.revision, [again_tag], network=NETWORK, cached=False)
    assert _content(again) == _content(built)
    layers = [one.image.attrs["RootFS"]["Layers"] for one in (built, again)]
    assert layers[0] == layers[1]
    engine().images.remove(again_tag, force=True)


def _content(built: Built) -> str:
    found = sorted((name, hashlib.sha256(content).hexdigest()) for name, content in built.files("/opt/servicelane"))
    assert len(found) > 1000
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()
