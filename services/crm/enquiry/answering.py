"""Taking enquiries in, handing them on, answering them in time (Rule B13, docs/domain.md)."""

from chassis import Work, set_timer
from contracts.crm.enquiry import AnswerEnquiry, HandOnEnquiry, ReceiveEnquiry
from services.crm.customer.caller import asker_of, require_answering
from services.crm.enquiry.enquiry import Enquiry
from services.crm.settings.crm_settings import CrmSettings, due_from


def receive(work: Work, command: ReceiveEnquiry) -> Enquiry:
    """Whoever asks is answered by the time agreed on, or as soon as the dealer always does."""
    due_at = due_from(work.now, command.due_at, work.settings(CrmSettings).enquiry_minutes)
    asker = asker_of(work, command)
    require_answering(work, "assignee", command.assignee)
    enquiry = Enquiry.receive(command, asker, due_at=due_at, at=work.now, by=work.actor)
    work.add(enquiry)
    set_timer(work, "escalate_enquiry", enquiry.id, due_at)
    return enquiry


def hand_on(work: Work, command: HandOnEnquiry) -> Enquiry:
    """A colleague has it, with its text and its clock."""
    enquiry = work.edit(Enquiry, command.enquiry_id)
    require_answering(work, "to", command.to)
    enquiry.hand_on(command.to, command.note, at=work.now, by=work.actor)
    return enquiry


def answer(work: Work, command: AnswerEnquiry) -> Enquiry:
    """Its clock stops."""
    enquiry = work.edit(Enquiry, command.enquiry_id)
    enquiry.reply(command.reply, at=work.now, by=work.actor)
    set_timer(work, "escalate_enquiry", enquiry.id, None)
    return enquiry


def escalate(work: Work, enquiry_id: str) -> None:
    """Who has no answer by now is the service manager's matter, too."""
    enquiry = work.lock_root(Enquiry, enquiry_id)
    if enquiry.state == "open" and enquiry.escalated_at is None:
        work.change(enquiry)
        enquiry.escalate(at=work.now)
