"""What a person or a program may do, and where: the same for accounts and API clients (Rule G1)."""

from collections.abc import Iterable
from typing import Any, Protocol

from sqlalchemy import select

from chassis import Invalid, Work
from contracts.gateway.account import Membership
from gateway.domain.dealers import Dealer


class HoldsRoles(Protocol):
    """A membership row: the roles at one dealer."""

    dealer: str
    roles: list[str]


def checked(work: Work, memberships: Iterable[Membership]) -> dict[str, list[str]]:
    """The roles by dealer. Raises Invalid naming a dealer that is not registered or is named twice."""
    wanted: dict[str, list[str]] = {}
    errors: dict[str, list[str]] = {}
    for number, one in enumerate(memberships):
        if one.dealer in wanted:
            errors[f"dealers.{number}.dealer"] = ["Named twice."]
        wanted[one.dealer] = sorted(set(one.roles))
    known = set(work.session.scalars(select(Dealer.id).where(Dealer.id.in_(wanted)))) if wanted else set()
    for number, one in enumerate(memberships):
        if one.dealer not in known:
            errors[f"dealers.{number}.dealer"] = ["Not a registered dealer."]
    if errors:
        raise Invalid.fields(errors)
    return wanted


def replace_roles(held: list[Any], wanted: dict[str, list[str]], row: type[Any]) -> None:
    """Make the membership rows say what is wanted; rows that stay are kept, so that nothing is deleted and inserted again."""
    held[:] = [one for one in held if one.dealer in wanted]
    there = {one.dealer: one for one in held}
    for dealer, roles in wanted.items():
        if dealer in there:
            there[dealer].roles = roles
        else:
            held.append(row(dealer=dealer, roles=roles))


def told(held: Iterable[HoldsRoles]) -> list[Membership]:
    """The memberships as they are answered, by dealer."""
    return [Membership(dealer=one.dealer, roles=list(one.roles)) for one in sorted(held, key=lambda one: one.dealer)]
