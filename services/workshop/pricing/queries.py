"""Questions about settings and catalogue."""

from sqlalchemy import select

from chassis import Work, has_person, page
from contracts.workshop import pricing
from contracts.workshop.pricing import GetWorkshopSettings, ListOperations
from services.workshop.pricing.operation import Operation
from services.workshop.pricing.settings import WorkshopSettings


def get_workshop_settings(work: Work, query: GetWorkshopSettings) -> pricing.WorkshopSettings:
    """The dealer's settings."""
    return work.get(WorkshopSettings, WorkshopSettings.identity(work.dealer)).describe()


def list_operations(work: Work, query: ListOperations) -> pricing.Operations:
    """The group's operations by code."""
    found = select(Operation)
    if query.code_prefix is not None:
        found = found.where(Operation.code.startswith(query.code_prefix, autoescape=True))
    if query.name is not None:
        found = found.where(*has_person(Operation.name_forms, None, name=query.name, phone=None, country=None))
    rows, cursor = page(work, found, query, keys=[Operation.code])
    return pricing.Operations(items=[row.describe() for row in rows], next_cursor=cursor)
