"""The same rules on SQLite, which the embedded mode runs on."""

import base64

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from contracts.parts.catalogue import ImportPriceList
from contracts.parts.task import ListTasks
from services.parts.service import PartsService
from tests.services.parts.facts import want, yuan
from tests.services.parts.scene import Scene, installed
from tests.services.parts.stocktakes import Count, lies_at


@pytest.fixture
def desk(open_embedded_desk):
    return open_embedded_desk(PartsService)


@pytest.fixture
def scene(desk):
    return Scene(desk)


def test_a_part_goes_from_the_price_file_to_the_customer_and_back(scene, desk):
    for price in ("12.50", "13.00"):
        csv = f"part_number,name_zh,name_en,unit,list_price\npad,片,pad,pc,{price}\n"
        desk.do(ImportPriceList(file=base64.b64encode(csv.encode()).decode()))
    assert (scene.part("PAD").list_price, scene.part("PAD").version) == (yuan("13"), 2)
    scene.catalogued("OLD", successor="PAD")
    scene.received("PAD", "2")
    scene.booked("appointment", want("a", "OLD", "1"))
    scene.opened("order", "appointment")
    scene.approved("order", want("line", "OLD", "3"), appointment="appointment")
    assert scene.set_aside("order") == {"PAD": (2, 0, 1)}
    scene.issue("order", "line", "1")
    scene.delivered("order", installed("line", "OLD", "3"), times=2)
    assert scene.balance("PAD") == {"supplier": -2, "discrepancy": -1, "customer": 3}
    assert len(desk.ask(ListTasks()).items) == 1
    scene.reversed("order")
    assert scene.balance("PAD") == {"supplier": -2, "wip": 2}
    scene.assert_the_books_agree()


@pytest.mark.parametrize("statement", ["UPDATE stock_move SET quantity_units = 1", "DELETE FROM stock_move"])
def test_a_move_is_never_changed(scene, desk, statement):
    scene.in_stock("PAD", "4")
    with pytest.raises(IntegrityError, match="never changed"):
        desk.rows(lambda session: session.execute(text(statement)))


def test_a_stocktake_is_opened_counted_and_booked(scene):
    lies_at(scene, "PAD", "A-1")
    count = Count(scene.desk, zone="A")
    for who in ("sun", "li"):
        count.counted(("PAD", "4"), by=who)
    assert count.approved().state == "approved"
    assert scene.balance("PAD") == {"supplier": -5, "bin": 4, "discrepancy": 1}
    scene.assert_the_books_agree()
