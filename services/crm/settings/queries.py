"""The dealer's settings."""

from chassis import Work
from contracts.crm.settings import GetCrmSettings
from services.crm.settings.crm_settings import CrmSettings


def get_crm_settings(work: Work, query: GetCrmSettings) -> CrmSettings:
    """Raises NotFound until the dealer was registered."""
    return work.get(CrmSettings, CrmSettings.identity(work.dealer))
