"""The advisor (服务顾问) whom a customer asks for."""

from chassis import Refused, Work, staff_roles
from contracts.roles import SERVICE_ADVISOR, SERVICE_MANAGER


def require_advisor(work: Work, login: str | None) -> None:
    """Whoever is asked for advises customers at this dealer. Raises NotYetKnown, or Refused for somebody who does not."""
    if login is not None and staff_roles(work, "advisor", login).isdisjoint((SERVICE_ADVISOR, SERVICE_MANAGER)):
        raise Refused("not_an_advisor", field="advisor", name=login)
