"""Who is quicker than the line or than what others do: no tap is lost, nothing moves under a finger, no typing is overtaken."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Request, Route, expect

from servicelane.dealership import Dealership
from servicelane.welcome import DEALER
from tests.browser.test_console import address
from tests.browser.test_live import LOOKED_AT, dispatched

Sit = Callable[..., Page]
Car = Callable[[str], dict[str, Any]]

ENTER_OF_A_WORD = """([of, told]) => document.querySelector(of).dispatchEvent(
  new KeyboardEvent("keydown", {key: "Enter", ...told, bubbles: true, cancelable: true}))"""
"""What an input method sends when Enter chooses what it proposes."""

AGAIN_AND_AGAIN = (
    """of => { const button = document.querySelector(of); button.click(); setInterval(() => button.click(), 20); }"""
)

LAST_FIRST = """html => {
  const page = new DOMParser().parseFromString(html, "text/html"), list = page.querySelector("#lane .cards");
  list.prepend(list.lastElementChild);
  return page.documentElement.outerHTML;
}"""


def looks_again(request: Request) -> bool:
    """Whether the page is brought up to date by this."""
    return "x-console-look" in request.headers


def looked_at_again(page: Page) -> None:
    """It has read what is new, and would have shown it."""
    with page.expect_response(lambda answer: looks_again(answer.request)) as answer:
        page.evaluate(LOOKED_AT, True)
    answer.value.finished()
    page.evaluate("new Promise(done => setTimeout(done, 50))")


def test_a_tap_on_another_form_waits_for_its_turn(sit: Sit, car: Car, dealership: Dealership) -> None:
    """Two customers are greeted before the console has answered for the first: both are."""
    car("received"), car("received")
    page = sit("advisor")
    page.goto(f"/d/{DEALER}/lane")
    greet = page.locator("form[id^=greet-]")
    ids = [greet.nth(at).get_attribute("id") for at in range(2)]
    page.evaluate("ids => ids.forEach(id => document.querySelector(`#${id} button`).click())", ids)
    expect(page.locator(f"#{ids[0]} button")).to_have_attribute("aria-busy", "true")
    expect(page.locator(f"#{ids[1]} button")).to_have_attribute("aria-busy", "true")
    for one in ids:
        expect(page.locator(f"#{one}")).to_have_count(0)


def test_a_button_is_busy_until_its_page_is_left(sit: Sit, car: Car) -> None:
    """What shows that it is done has not come yet: the same is not sent again meanwhile, and Back finds a button that works."""
    order = car("opened")
    page = sit("advisor")
    page.goto(address(order))
    page.locator("details:has(#job-1) > summary").first.click()
    page.locator("#job-1 [name=cause]").fill("worn pads")
    sent: list[str] = []
    coming: list[Route] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.route("**/orders/*?done=*", lambda route: coming.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    with page.expect_request("**/orders/*?done=*"):
        page.evaluate(AGAIN_AND_AGAIN, "#job-1 .send button")
    page.wait_for_timeout(300)  # as long as somebody with a slow line may tap once more
    coming[0].continue_()
    expect(page.locator(".done")).to_be_visible()
    assert len(sent) == 1
    page.go_back()
    page.locator("details:has(#job-1) > summary").first.wait_for()
    assert page.locator("[aria-busy]").count() == 0


def test_nothing_moves_under_a_finger(sit: Sit, car: Car) -> None:
    """A car comes on top of the list while somebody presses on another one: what was pressed is what opens."""
    order = car("opened")
    page = sit("advisor")
    page.goto(f"/d/{DEALER}/orders")
    link = page.locator(f"#order-{order['id']} a").first
    place = link.bounding_box()
    assert place
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.down()
    car("opened")
    looked_at_again(page)
    page.mouse.up()
    page.wait_for_url(f"**{address(order)}")


def test_what_comes_meanwhile_is_shown_when_the_finger_has_gone(sit: Sit, car: Car) -> None:
    """It waits, and is not forgotten."""
    car("opened")
    page = sit("advisor")
    page.goto(f"/d/{DEALER}/orders")
    page.locator("h1").hover()
    page.mouse.down()
    another = car("opened")
    looked_at_again(page)
    assert page.locator(f"#order-{another['id']}").count() == 0
    page.mouse.up()
    expect(page.locator(f"#order-{another['id']}")).to_be_visible()


def test_a_list_in_another_order_takes_no_hands_from_a_form(sit: Sit, car: Car, dealership: Dealership) -> None:
    """A card goes to the top while a Chinese word is half typed into it: focus and word stay, and the word is finished."""
    car("received"), car("received")
    page = sit("advisor", language="zh")
    page.goto(f"/d/{DEALER}/orders")
    last = page.locator("#lane .cards > li[id^=car-]").last
    card = str(last.get_attribute("id"))
    last.locator("summary").first.click()
    field = last.locator("[name=complaint]")
    field.fill("")
    input_method = page.context.new_cdp_session(page)
    input_method.send("Input.imeSetComposition", {"text": "sha", "selectionStart": 3, "selectionEnd": 3})

    def otherwise(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=page.evaluate(LAST_FIRST, answer.text()))

    page.evaluate("window.ended = 0; document.addEventListener('compositionend', () => { ended += 1; })")
    page.route(f"**/d/{DEALER}/orders", lambda route: otherwise(route) if looks_again(route.request) else route.continue_())
    dispatched(dealership, car("approved"), "B3")
    expect(page.locator("#lane .cards > li").first).to_have_attribute("id", card)
    assert page.evaluate("ended") == 0
    input_method.send("Input.insertText", {"text": "刹"})
    expect(page.locator(f"#{card} [name=complaint]")).to_have_value("刹")
    expect(page.locator(f"#{card} [name=complaint]")).to_be_focused()


def test_what_is_typed_while_a_form_is_away_is_newer(sit: Sit, car: Car, dealership: Dealership) -> None:
    """It comes back, because somebody was quicker: with the last word, not with the one that was sent."""
    order = car("opened")
    path = f"/work-orders/{order['id']}"
    page = sit("advisor")
    page.goto(address(order))
    page.locator("details:has(#job-1) > summary").first.click()
    page.locator("#job-1 [name=cause]").fill("worn")
    wiper = {"part_number": "WIPER-24", "quantity": "1", "payer": "customer_pay"}
    dealership.advisor.post(f"{path}/lines", {"parts": [wiper]}, of=dealership.advisor.get(path))
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.evaluate("""document.querySelector("#job-1 .send button").click()""")
        page.locator("#job-1 [name=cause]").press_sequentially(" pads")
    expect(page.locator("#job-1 .changes")).to_be_visible()
    expect(page.locator("#job-1 [name=cause]")).to_have_value("worn pads")


def test_the_enter_that_ends_a_chinese_word_chooses_nothing(sit: Sit) -> None:
    """In the palette; where words are typed the browser knows it. Safari says so by the key's code alone."""
    page = sit("advisor", language="zh")
    page.keyboard.press("Control+k")
    for told in ({"isComposing": True}, {"keyCode": 229}):
        page.evaluate(ENTER_OF_A_WORD, [".palette input", told])
        expect(page.locator(".palette")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".palette")).to_be_hidden()


def test_the_palette_leads_to_what_can_be_seen_of_a_form(sit: Sit, car: Car) -> None:
    """The car may have new damage, which is folded away: Enter after the word is on the button."""
    order = car("worked on")
    page = sit("inspector")
    page.goto(f"/d/{DEALER}/check/{order['id']}")
    page.keyboard.press("Control+k")
    page.keyboard.type("passed")
    page.keyboard.press("Enter")
    expect(page.locator("#pass .send button, #pass > button").first).to_be_focused()


def test_typing_that_was_folded_away_is_seen_again(sit: Sit, car: Car) -> None:
    """Back on a page, also what stands in a fold within a form."""
    order = car("worked on")
    page = sit("inspector")
    page.goto(f"/d/{DEALER}/check/{order['id']}")
    page.locator("#pass details summary").first.click()
    page.locator("#pass [name='new_damages.0.note']").fill("beside the handle")
    page.reload()
    expect(page.locator("#pass [name='new_damages.0.note']")).to_be_visible()
    expect(page.locator("#pass [name='new_damages.0.note']")).to_have_value("beside the handle")
