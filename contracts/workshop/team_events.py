"""What workshop announces of its people: lines that were given to them (Rule W9), their certificates (Rule W20)."""

from datetime import date, datetime

from chassis.wire import Event, Id
from contracts.shared import DocumentNumber, Login, Reason
from contracts.workshop.certificate import Skill
from contracts.workshop.events import WorkOrderEvent


class CertificateEvent(Event):
    """Something happened to a certificate."""

    certificate_id: Id
    holder: Login
    skill: Skill


class CertificateIssued(CertificateEvent, type="workshop.certificate.issued"):
    """Somebody of the workshop has a certificate for a skill (资质证书), the first or one that renews another (Rule W20)."""

    certificate_number: DocumentNumber | None = None
    issued_on: date
    expires_on: date
    renews_id: Id | None = None
    training_id: Id | None = None


class CertificateExpiring(CertificateEvent, type="workshop.certificate.expiring"):
    """A certificate that nobody has renewed expires soon, or has expired: told once for each certificate."""

    expires_on: date
    told_at: datetime


class CertificateWithdrawn(CertificateEvent, type="workshop.certificate.withdrawn"):
    """A certificate counts no longer; the reason says why."""

    reason: Reason
    withdrawn_at: datetime


class LineAssigned(WorkOrderEvent, type="workshop.work_order.line_assigned"):
    """A labour line was given to a technician of its own (派工到项), or back to the one who leads the order."""

    line_id: Id
    technician: Login | None = None
