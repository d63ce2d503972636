"""Changing the dealer's settings."""

from chassis import Work
from contracts.crm.settings import ChangeCrmSettings
from services.crm.settings.crm_settings import CrmSettings


def change(work: Work, command: ChangeCrmSettings) -> CrmSettings:
    """Replace the settings; follow-ups that are planned already keep their times."""
    settings = work.edit_settings(CrmSettings)
    settings.change(command)
    return settings
