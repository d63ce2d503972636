"""Two people sign, not two accounts (Rule W30)."""

from chassis import Refused, Work, colleagues
from chassis.wire.searching import may_be_one_name
from contracts.shared import DOCUMENT_NUMBER
from services.workshop.projections.person import staff_numbers
from services.workshop.team.queries import certificates_of


def require_skilled(work: Work, login: str, skill: str) -> None:
    """Raises Refused for somebody without a valid certificate for it."""
    day = work.profile.local(work.now).date()
    with work.without_autoflush():
        held = certificates_of(work, [login], [skill])
    if not any(one.holds(day, work.now) for one in held):
        raise Refused("not_skilled", name=login, skill=skill)


def require_another_person(work: Work, first: str, skill: str) -> None:
    """Raises Refused if whoever is signed in is who signed first, by this account or another one.

    Whose account has a staff number is who has it: two of them may have one name. What an account without one goes by is its
    person's name, also in pinyin. A certificate has the number of one person's. Who shares any of these is the same person.
    """
    second = work.actor
    with work.without_autoflush():
        names = colleagues(work, [first, second])
        held = certificates_of(work, [first, second], [skill])
    numbers = {
        login: {DOCUMENT_NUMBER.key(one.certificate_number) for one in held if one.holder == login and one.certificate_number}
        for login in (first, second)
    }
    known = staff_numbers(work, [first, second])
    if len(known) == len({first, second}):
        same = known[first] == known[second]
    else:
        same = may_be_one_name(names.get(first, first), names.get(second, second))
    if first == second or same or numbers[first] & numbers[second]:
        raise Refused("needs_another_person", name=first)
