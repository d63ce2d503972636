"""Faults under observation, as they are asked for (Rule W16)."""

from collections.abc import Sequence

from sqlalchemy import select

from chassis import Work, oldest, page
from contracts.attention import MOST, Concern, ConcernGroup
from contracts.workshop.observation import ListObservations, Observations
from services.workshop.observation.observation import Observation
from services.workshop.order.comeback import DoneRepair
from services.workshop.order.summary import about


def list_observations(work: Work, query: ListObservations) -> Observations:
    """What is open is found by its own index, whatever was ended before."""
    found = select(Observation)
    if query.work_order_id is None:
        found = found.where(Observation.ended_at.is_(None))
    else:
        found = found.where(Observation.work_order_id == query.work_order_id)
    rows, cursor = page(work, found, query, keys=[Observation.until_at, Observation.id], ascending=True)
    back = came_back(work, [one.id for one in rows])
    return Observations(items=[one.shown(back.get(one.id)) for one in rows], next_cursor=cursor)


def came_back(work: Work, ids: Sequence[str]) -> dict[str, DoneRepair]:
    """Those for which the car came back, at any dealer, with what the group knows of it."""
    back = DoneRepair.observation_id.in_(ids), DoneRepair.came_back_at.is_not(None)
    return {one.observation_id: one for one in work.all(select(DoneRepair).where(*back)) if one.observation_id is not None}


def observation_concerns(work: Work) -> ConcernGroup:
    """Whose day has passed, for the attention list: what was left open is to be settled."""
    due = Observation.ended_at.is_(None), Observation.asked_at.is_not(None)
    found, count = oldest(work, Observation, *due, since=Observation.until_at, most=MOST)
    told = [
        Concern(
            severity="warning",
            since=one.until_at,
            detail=one.fault,
            **about(one.order),
        )
        for one in found
    ]
    return ConcernGroup(kind="observation_due", count=count, items=told)
