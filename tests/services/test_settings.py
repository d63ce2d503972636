"""A dealer that was registered before there were some settings has their defaults until it sets something."""

import pytest
from sqlalchemy import delete, select

from chassis import DealerSettings
from contracts.parts.purchasing import ApprovePurchaseOrder, GetPurchasingSettings, SetPurchasingSettings
from services.billing.service import BillingService
from services.booking.service import BookingService
from services.crm.service import CrmService
from services.parts.purchasing.settings import PurchasingSettings
from services.parts.service import PartsService
from services.workshop.service import WorkshopService
from tests.services.parts.facts import yuan
from tests.services.parts.scene import Scene
from tests.services.parts.test_purchasing import CLERK, approved_supplier, draft


def forget(desk, kind):
    """The dealer was registered before there was such a table."""
    with desk.executor.sessions() as session:
        session.scope_to("sh-pudong")
        session.execute(delete(kind))
        session.commit()


@pytest.mark.parametrize("service", [BillingService, BookingService, CrmService, PartsService, WorkshopService])
def test_every_setting_has_its_defaults_without_a_row(open_desk, service):
    """They are read as if they were there, and set as if they were."""
    desk = open_desk(service)
    kinds = [one for one in DealerSettings.__subclasses__() if one.metadata.info["service"] == service.name]
    assert kinds

    def read(work):
        return [work.settings(kind).describe() for kind in kinds]

    usual = desk.executor.run_for("sh-pudong", read)
    for kind in kinds:
        forget(desk, kind)
    assert [vars(one) for one in desk.executor.run_for("sh-pudong", read)] == [vars(one) for one in usual]
    desk.executor.run_for("sh-pudong", lambda work: [work.edit_settings(kind) for kind in kinds])
    for kind in kinds:
        assert desk.rows(lambda session, kind=kind: session.scalars(select(kind.version)).all()) == [2]


def test_rule_p4_an_order_of_a_dealer_without_limits_of_its_own_is_approved_within_the_usual_ones(open_desk):
    desk = open_desk(PartsService)
    scene = Scene(desk)
    forget(desk, PurchasingSettings)
    scene.catalogued("PAD")
    order = draft(desk, approved_supplier(desk), ("PAD", "1", yuan("10")))
    assert desk.do(ApprovePurchaseOrder(purchase_order_id=order.id), roles=CLERK).state == "approved"
    before = desk.ask(GetPurchasingSettings())
    assert (before.version, before.clerk_limit) == (1, yuan("5000"))
    assert desk.do(SetPurchasingSettings(clerk_limit=yuan("9")), if_match=1).version == 2
    assert desk.ask(GetPurchasingSettings()).clerk_limit == yuan("9")
