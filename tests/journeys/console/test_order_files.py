"""The order's file in the console (Rule W23): what was signed, and a car whose order is closed as the missing paper is filed."""

from collections.abc import Callable
from typing import Any

from servicelane.client import awaited
from servicelane.dealership import Dealership
from tests.pages import Browser

DEALER = "sh-order-files"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
HERE = f"/d/{DEALER}"


def test_the_file_shows_what_was_signed_and_is_sealed_as_the_car_leaves(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Before that it says what is missing; afterwards it is found by its number, and until when it is kept."""
    order = car("paid")
    here, path = f"{HERE}/orders/{order['id']}", f"/work-orders/{order['id']}"
    advisor = at_desk("advisor", language="zh")
    page = advisor.get(f"{here}/file")
    assert ("结算单" in page.text, "缺少：" in page.text, "出门证" in page.text) == (True, True, True)
    passed = dealership.cashier.post(f"{path}/gate-pass")
    dealership.cashier.post("/gate-passes/use", {"code": passed["code"]})
    awaited(lambda: dealership.advisor.get(path)["status"] == "closed" or None, "the order to be closed")
    page = advisor.get(f"{here}/file")
    assert ("保存至" in page.text, "与签署时一致" in page.text, "paper" in page.forms) == (True, True, False)
    assert order["vehicle"]["plate"] in advisor.get(f"{HERE}/order-files?number={order['number']}").text
