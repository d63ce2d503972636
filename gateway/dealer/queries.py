"""What is asked of the registry."""

from collections.abc import Collection

from sqlalchemy import select

from chassis import Work, page
from contracts.gateway import dealer as contract
from gateway.dealer.dealer import Dealer


def get_dealer(work: Work, query: contract.GetDealer) -> Dealer:
    """One registration."""
    return work.get(Dealer, query.dealer)


def list_dealers(work: Work, query: contract.ListDealers) -> contract.Dealers:
    """By their codes."""
    found, cursor = page(work, select(Dealer), query, keys=[Dealer.id], ascending=True)
    return contract.Dealers(items=[one.describe() for one in found], next_cursor=cursor)


def list_dealer_names(work: Work, query: contract.ListDealerNames) -> contract.NamedDealers:
    """By their codes."""
    found, cursor = page(work, select(Dealer), query, keys=[Dealer.id], ascending=True)
    items = [contract.NamedDealer(dealer=one.id, name=one.name) for one in found]
    return contract.NamedDealers(items=items, next_cursor=cursor)


def all_codes(work: Work) -> list[str]:
    """The codes of all the group's dealers, in order."""
    return list(work.all(select(Dealer.id).order_by(Dealer.id)))


def registered_codes(work: Work, among: Collection[str]) -> set[str]:
    """Which of these codes are registered."""
    return set(work.all(select(Dealer.id).where(Dealer.id.in_(among)))) if among else set()
