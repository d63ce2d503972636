"""The queue: what waits to be given out, and who should do it (Rule W9). The statements do not depend on how much."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from chassis import NotFound, Work
from contracts.shared import BAY
from contracts.workshop.board import BoardOrder
from contracts.workshop.dispatch_proposal import DispatchProposals, ProposeDispatch
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.operation import skills_needed
from services.workshop.shop_floor.board import Floor
from services.workshop.shop_floor.proposal import Candidate, Plan, open_labour, queue_place
from services.workshop.team.presence import Roster, roster
from services.workshop.team.queries import certificates_of

AHEAD = timedelta(days=14)


def proposals(work: Work, floor: Floor, query: ProposeDispatch) -> DispatchProposals:
    """For the whole queue, or one order. Raises NotFound for none, Refused for one that does not wait to be given out."""
    waiting = sorted((card for card in floor.cards if _waits(card)), key=queue_place)
    if (work_order_id := query.work_order_id) is not None:
        waiting = [card for card in floor.cards if card.id == work_order_id and card.status in ("open", "dispatched")]
        if not waiting:
            work.get(WorkOrder, work_order_id).require(Transition.DISPATCH)
            raise NotFound("not_found", kind="work_order", id=work_order_id)
    asked = waiting[: query.most]
    if not asked:
        return DispatchProposals(as_of=work.now, items=[], left_out=0)
    needed = _needed(work, asked)
    plan = _plan(work, floor, frozenset(skill for skills in needed.values() for skill in skills))
    for card in _given(floor.cards, but=asked):
        plan.take(card)
    items = [plan.propose(card, needed[card.id]) for card in asked]
    return DispatchProposals(as_of=work.now, items=items, left_out=len(waiting) - len(asked))


def _waits(card: BoardOrder) -> bool:
    """It may be given out: something of it is approved, and it was given to nobody."""
    return card.status == "open" and any(line.state == "approved" for line in card.lines)


def _given(cards: Sequence[BoardOrder], *, but: Sequence[BoardOrder]) -> list[BoardOrder]:
    """What was given out and can be worked on: what is under way first, then in the order of the queue."""
    asked = {card.id for card in but}
    given = [card for card in cards if card.status in ("dispatched", "in_progress") and card.id not in asked]
    return sorted(given, key=lambda card: (card.status != "in_progress", queue_place(card)))


def _needed(work: Work, cards: Sequence[BoardOrder]) -> dict[str, set[str]]:
    to_give = {
        card.id: {line.operation_code for line in open_labour(card) if line.technician is None and line.operation_code}
        for card in cards
    }
    skills = skills_needed(work, {code for codes in to_give.values() for code in codes}, "work")
    return {id_: {skill for code in codes for skill in skills.get(code, ())} for id_, codes in to_give.items()}


def _plan(work: Work, floor: Floor, skills: frozenset[str]) -> Plan:
    today = work.profile.local(work.now).date()
    known = roster(work, today, today + AHEAD, names=floor.technicians, teams=floor.teams)
    held = _held(work, known, skills)
    candidates = {login: _candidate(work, known, login, held.get(login, frozenset())) for login in sorted(known.names)}
    return Plan(work.now, candidates, [bay for bay in floor.listed if BAY.key(bay) not in floor.blocked])


def _candidate(work: Work, known: Roster, login: str, skills: frozenset[str]) -> Candidate:
    team = known.team_of(login)
    return Candidate(
        login=login,
        name=known.names[login],
        team_name=None if team is None else team.team_name,
        present=known.present(login, work.now),
        attended=known.attended[login],
        skills=skills,
    )


def _held(work: Work, known: Roster, skills: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """What each is certified for now, of what is needed."""
    if not skills:
        return {}
    today = work.profile.local(work.now).date()
    valid = [one for one in certificates_of(work, known.names, skills) if one.holds(today, work.now)]
    return {login: frozenset(one.skill for one in valid if one.holder == login) for login in known.names}
