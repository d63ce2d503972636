"""The console's doors without a gateway behind them: strangers, forged requests, headers, cookies, and what it says then."""

import gzip
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import parse

from chassis.process.metrics import HttpMetrics
from console.app import build_app
from console.settings import ConsoleSettings
from console.static import FOLDER
from deploy.dev.state import free_port
from tests.pages import HOST

SOME = "0195a3c0-7c1e-7b52-9d1b-3f8a5c2e4d10"


def build(**settings: Any) -> Flask:
    """A console whose gateway is away."""
    gateway = f"http://127.0.0.1:{free_port()}"
    return build_app(ConsoleSettings(gateway_url=gateway, **settings), HttpMetrics("console-doors"))


@pytest.fixture(scope="module")
def app() -> Flask:
    """The console; so many doors are tried in a second that its rate is another test's."""
    return build(client_rate=parse("10000/second"))


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A browser without script, signed out."""
    with app.test_client() as client:
        yield client


def pages(app: Flask, method: str) -> list[str]:
    """Every address of a screen that takes the method, with something in its places."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/d/") and method in (rule.methods or ())]
    rules = [rule for rule in rules if rule.endpoint != "watching.live"]  # no page: its doors are tried in test_live.py
    assert len(rules) > 5
    return [rule.rule.replace("<dealer>", "sh-pudong").replace("<", "").replace(">", "") for rule in rules]


def test_nobody_sees_a_page_who_is_not_signed_in(app: Flask, client: FlaskClient) -> None:
    """Every page that there is leads to the sign-in, and back to itself from there."""
    for page in pages(app, "GET"):
        answer = client.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in?next={page}"), page


def test_nobody_does_anything_who_is_not_signed_in(app: Flask, client: FlaskClient) -> None:
    """What was typed is asked for again with the sign-in, and nothing is sent."""
    for page in pages(app, "POST"):
        answer = client.post(page, data={"do": "void", "reason": "worn <b>out</b>"}, headers={"Origin": HOST})
        assert answer.status_code == 401, page
        assert 'name="reason" value="worn &lt;b&gt;out&lt;/b&gt;"' in answer.get_data(as_text=True)


FORGED = [
    {"Sec-Fetch-Site": "cross-site", "Origin": HOST},
    {"Sec-Fetch-Site": "same-site", "Origin": HOST},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "null"},
    {},
]


@pytest.mark.parametrize("headers", FORGED)
@pytest.mark.parametrize(
    "address", ["/sign-in", "/sign-out", "/preferences", "/link", "/link/document", f"/d/sh-pudong/orders/{SOME}"]
)
def test_a_page_of_another_site_sends_nothing(client: FlaskClient, address: str, headers: dict[str, str]) -> None:
    """The browser says where a form stands; a request that does not come from here is refused before it is read."""
    answer = client.post(address, data={"language": "zh", "console-login": "x", "console-password": "y"}, headers=headers)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": HOST}])
def test_a_page_of_ours_may(client: FlaskClient, headers: dict[str, str]) -> None:
    """As a browser says it, new or old."""
    assert client.post("/preferences", data={"language": "zh"}, headers=headers).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("/d/sh-pudong/orders?show=ready", "/d/sh-pudong/orders?show=ready"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/x\r\nSet-Cookie: lane=1", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_led_elsewhere(client: FlaskClient, wanted: str, where: str) -> None:
    """By an address that somebody put into a link."""
    answer = client.post("/preferences", data={"theme": "dark", "next": wanted}, headers={"Origin": HOST})
    assert answer.headers["Location"] == where


def test_every_answer_is_guarded(app: Flask, client: FlaskClient) -> None:
    """Pages, files, errors: no script or style but our own files, no frame, no guessing of types."""
    for address in ("/sign-in", "/nowhere", "/d/sh-pudong/orders", "/static/0/console.js"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Strict-Transport-Security"]


def test_no_template_has_anything_inline(app: Flask) -> None:
    """The policy would switch it off; here it shows before a browser does."""
    for name in app.jinja_env.list_templates():
        source = app.jinja_env.loader.get_source(app.jinja_env, name)[0]  # type: ignore[union-attr]  # there is a loader
        assert "<style" not in source, name
        assert " style=" not in source, name
        assert "|safe" not in source.replace(" ", ""), name
        assert "<script>" not in source, name
        assert not any(f" on{event}=" in source for event in ("click", "submit", "load", "input", "change")), name


def test_choices_are_kept_in_cookies_that_only_this_host_sees(client: FlaskClient) -> None:
    """For a year; the page speaks the language from then on."""
    answer = client.post("/preferences", data={"language": "zh", "next": "/sign-in"}, headers={"Origin": HOST})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("lane-language=zh;")
    assert {"Secure", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    page = client.get("/sign-in", base_url="https://localhost").get_data(as_text=True)
    assert '<html lang="zh"' in page
    assert "登录" in page
    client.post("/preferences", data={"language": "xx"}, headers={"Origin": HOST})
    assert '<html lang="zh"' in client.get("/sign-in", base_url="https://localhost").get_data(as_text=True)


@pytest.mark.parametrize(("accepted", "spoken"), [("zh-CN,zh;q=0.9", "zh"), ("en-GB", "en"), ("fr", "en")])
def test_the_browsers_language_is_spoken_until_another_is_chosen(client: FlaskClient, accepted: str, spoken: str) -> None:
    """English for one that nobody here speaks."""
    assert f'<html lang="{spoken}"' in client.get("/sign-in", headers={"Accept-Language": accepted}).get_data(as_text=True)


@pytest.mark.parametrize(("secure", "name"), [(True, "__Host-lane"), (False, "lane")])
def test_the_sessions_cookie_is_told_by_its_name_where_it_is_safe(secure: bool, name: str) -> None:
    """A handle under the other name is none; with the right one the gateway is asked, and it is away."""
    app = build(secure_cookie=secure)
    for cookie in ("lane", "__Host-lane"):
        with app.test_client() as client:
            client.set_cookie(cookie, "a-handle")
            answer = client.get("/d/sh-pudong/orders")
            assert answer.status_code == (502 if cookie == name else 303)


def test_an_absent_gateway_is_said_and_nobody_is_signed_out(client: FlaskClient) -> None:
    """In a sentence, with a way to try again; the handle stays."""
    client.set_cookie("__Host-lane", "a-handle")
    answer = client.get("/d/sh-pudong/orders")
    assert answer.status_code == 502
    assert "does not answer at the moment" in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


def test_a_sign_in_without_gateway_says_so(client: FlaskClient) -> None:
    """On the same page."""
    answer = client.post("/sign-in", data={"console-login": "x", "console-password": "y"}, headers={"Origin": HOST})
    assert answer.status_code == 502
    assert "does not answer at the moment" in answer.get_data(as_text=True)


def test_one_address_asks_only_so_much() -> None:
    """Another one is not troubled by it, if a trusted proxy tells them apart; an untrusted one cannot say that it is another."""
    app = build(client_rate=parse("3/minute"))
    with app.test_client() as client:
        statuses = [client.get("/sign-in", headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(4)]
        assert statuses == [200, 200, 200, 429]
        assert int(client.get("/sign-in").headers["Retry-After"]) >= 1
    app = build(client_rate=parse("3/minute"), trusted_proxies=(ip_network("127.0.0.0/8"),))
    with app.test_client() as client:
        statuses = [client.get("/sign-in", headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(4)]
        assert statuses == [200] * 4


def test_what_is_sent_may_not_be_endless(client: FlaskClient) -> None:
    """It is refused without being read."""
    answer = client.post("/sign-in", data={"console-login": "x" * 2_000_000}, headers={"Origin": HOST})
    assert answer.status_code == 413


def test_files_are_kept_for_ever_under_addresses_that_change_with_them(client: FlaskClient) -> None:
    """And are small: all scripts together 12 kB at most, stylesheet 10 kB, compressed."""
    page = client.get("/sign-in").get_data(as_text=True)
    assert sum(len(gzip.compress(script.read_bytes(), compresslevel=5)) for script in FOLDER.glob("*.js")) <= 12_000
    for name, most in (("console.js", 12_000), ("live.js", 12_000), ("console.css", 10_000)):
        [address] = [part.split('"')[0] for part in page.split('="') if part.split('"')[0].endswith(name)]
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert "immutable" in answer.headers["Cache-Control"]
        assert len(answer.get_data()) <= most
        assert gzip.decompress(answer.get_data())
        assert client.get(address.replace(address.split("/")[2], "0" * 12)).status_code == 404


@pytest.mark.parametrize("name", ["..", "../app.py", "%2e%2e/app.py", "console.map", ""])
def test_no_other_file_is_given_away(client: FlaskClient, name: str) -> None:
    """Nor one of another folder."""
    assert client.get(f"/static/0/{name}").status_code == 404


def test_a_defect_is_a_page_that_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """But the number under which it is in the log."""
    app = build()
    monkeypatch.setitem(app.view_functions, "shell.sign_in", lambda: 1 // 0)
    with app.test_client() as client:
        answer = client.get("/sign-in", headers={"X-Request-Id": "front-desk-7"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "front-desk-7" in text
    assert "ZeroDivisionError" not in text
