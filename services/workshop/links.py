"""The rows of the registration table that are about links: what staff make, and what whoever has one sees and decides."""

from chassis import command, query
from contracts.workshop import linked, signing_link, visit_link
from contracts.workshop.visit import GetLinkedVisit
from services.workshop.agreement import answering, linking
from services.workshop.agreement import queries as agreement
from services.workshop.visit import queries as visit


class LinkRows:
    """Part of `WorkshopService`."""

    create_signing_link = command(signing_link.CreateSigningLink, linking.create_signing_link)
    withdraw_signing_link = command(signing_link.WithdrawSigningLink, linking.withdraw_signing_link)
    create_visit_link = command(visit_link.CreateVisitLink, linking.create_visit_link)
    withdraw_visit_link = command(visit_link.WithdrawVisitLink, linking.withdraw_visit_link)
    list_visit_links = query(visit_link.ListVisitLinks, agreement.list_visit_links)
    get_linked_document = query(linked.GetLinkedDocument, agreement.get_linked_document)
    get_linked_picture = query(linked.GetLinkedPicture, agreement.get_linked_picture)
    get_linked_visit = query(GetLinkedVisit, visit.get_linked_visit)
    approve_by_link = command(linked.ApproveByLink, answering.approve_by_link)
    decline_by_link = command(linked.DeclineByLink, answering.decline_by_link)
