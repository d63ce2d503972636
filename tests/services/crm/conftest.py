"""crm behind its entrypoints."""

import pytest

from services.crm.service import CrmService


@pytest.fixture
def desk(open_desk):
    return open_desk(CrmService)
