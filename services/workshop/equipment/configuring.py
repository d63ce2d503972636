"""The dealer's settings as far as equipment follows from them (Rule W21)."""

from chassis import Work
from contracts.workshop.pricing import SetWorkshopSettings
from services.workshop.equipment.watching import watch_all
from services.workshop.pricing import configuring
from services.workshop.pricing.settings import WorkshopSettings


def set_settings(work: Work, command: SetWorkshopSettings) -> WorkshopSettings:
    """Set them; who wants to be told earlier is told earlier of what is in the register, too."""
    before = work.settings(WorkshopSettings).equipment_notice_days
    settings = configuring.set_settings(work, command)
    settings.equipment_notice_days = command.equipment_notice_days
    if settings.equipment_notice_days != before:
        watch_all(work, settings.equipment_notice_days)
    return settings
