"""deploy/kubernetes says what the processes really do; and each check is seen to go red."""

from collections.abc import Callable
from functools import cache

import pytest

from tests.cluster import network, running, servers, settings
from tests.cluster.breaks import BREAKS, Break
from tests.cluster.manifests import Manifests

Check = Callable[[Manifests], list[str]]
CHECKS: tuple[Check, ...] = (*settings.CHECKS, *running.CHECKS, *network.CHECKS, *servers.CHECKS)
OVERLAYS = ("small", "group")


@cache
def as_it_is(overlay: str) -> Manifests:
    """Rendered once."""
    return Manifests.of(overlay)


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_manifests_say_what_is_so(check: Check, overlay: str) -> None:
    """What the check's docstring says holds of both overlays."""
    assert check(as_it_is(overlay)) == []


@pytest.mark.parametrize("broken", BREAKS, ids=lambda one: f"{one.check.__name__}-{one.overlay}-{one.complaint}")
def test_each_check_goes_red(broken: Break) -> None:
    """One thing is made wrong, and the check says which."""
    manifests = Manifests.of(broken.overlay)
    broken.make(manifests)
    complaints = broken.check(manifests)
    assert any(broken.complaint in one for one in complaints), complaints


def test_no_check_was_never_seen_red() -> None:
    """A check that nothing can turn red checks nothing."""
    assert {broken.check for broken in BREAKS} == set(CHECKS)
