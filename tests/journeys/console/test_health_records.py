"""Health records in the console (Rule W32): where no receiver is named, the page says that none are sent."""

from collections.abc import Callable

from tests.pages import Browser

DEALER = "sh-no-records"


def test_the_page_says_that_none_are_sent(at_desk: Callable[..., Browser]) -> None:
    page = at_desk("advisor", language="zh").get(f"/d/{DEALER}/health-records")
    assert "未设置上传地址" in page.text
    assert f"/d/{DEALER}/health-records" in at_desk("advisor").get(f"/d/{DEALER}/order-files").links
