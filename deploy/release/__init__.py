"""Releases: cut from the tree, then tagged (docs/releases.md).

    record    what was released: version, day, and the revision of each service's database; in releases.json
    shapes    what the contracts said; in contracts.json
    changes   the sections of the changelog
    making    the two steps, and what each checks first

Whatever stands in the way is one line on standard error.
"""

from deploy.release.record import released_revisions

__all__ = ["released_revisions"]
