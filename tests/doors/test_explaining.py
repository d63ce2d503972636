"""Whatever the doors say no with is explained at its own address, in the caller's language."""

import ast

import pytest

from chassis.wire import errors
from chassis.wire.replayed import Replayed
from contracts.problems import PROBLEMS, REFUSED
from gateway.http import explaining, headers, problem_codes, problems
from locales import languages, sentence
from tests.contracts.refusal_codes import ROOT, raised
from tests.doors.house import COMMANDS, ROWS, House, name, problem, token_for

BOOK = next(row for row in ROWS if row.operation == "bookAppointment")
DELIVER = next(row for row in ROWS if row.operation == "deliverWorkOrder")
JSON = {"Accept": "application/json"}


def _refuses(error: Exception):
    def answer(noted):
        raise error

    return answer


@pytest.mark.parametrize("language", languages())
def test_every_code_is_explained_at_its_type(house: House, language: str) -> None:
    """To anybody, without a token: the sentence and what to do; as a page for people, as JSON for programs."""
    client = house.app.test_client()
    assert len(explaining.codes()) > 130
    for code in explaining.codes():
        asked = client.get(problems.type_of(code), headers={**JSON, "Accept-Language": language})
        assert asked.status_code == 200, code
        assert asked.headers["Content-Language"] == language
        for one in asked.get_json()["problems"]:
            key = code if one["service"] is None else f"{one['service']}.{code}"
            assert one["remedy"] == sentence(f"remedy.{key}", language) != f"remedy.{key}"
            assert (one["code"], one["status"]) == (code, PROBLEMS.get(code, REFUSED))


def test_a_page_says_what_to_do(house: House) -> None:
    """HTML, unless JSON is asked for; caches tell languages and forms apart."""
    page = house.app.test_client().get("/problems/slot-full", headers={"Accept-Language": "zh"})
    assert page.content_type == "text/html; charset=utf-8"
    assert set(page.vary) == {"accept", "accept-language"} or {"Accept", "Accept-Language"} <= set(page.vary)
    shown = page.get_data(as_text=True)
    assert 'lang="zh"' in shown
    for said in ("refusal.booking.slot_full", "remedy.booking.slot_full", "problems.remedy"):
        assert sentence(said, "zh") in shown
    assert "bookAppointment" in shown
    every = house.app.test_client().get("/problems").get_data(as_text=True)
    assert all(f'href="{problems.type_of(code)}"' in every for code in explaining.codes())


def test_two_services_explain_one_code_each_in_its_words(house: House) -> None:
    """The mileage is kept by two."""
    told = house.app.test_client().get("/problems/mileage-went-back", headers=JSON).get_json()["problems"]
    assert {one["service"] for one in told} == {"crm", "workshop"}


@pytest.mark.parametrize("path", ["/problems/nothing", "/problems/slot_full", "/problems/"])
def test_what_is_no_code_has_no_page(house: House, path: str) -> None:
    """A problem like any other."""
    problem(house.app.test_client().get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("en", "The slot at Mar 10, 2026 09:00 is full."),
        ("zh", "2026年3月10日 09:00 的时段已约满。"),
    ],
)
def test_the_detail_is_a_sentence_for_the_case(house: House, language: str, detail: str) -> None:
    """The title says the kind; values are written as the language writes them."""
    house.services.answer = _refuses(errors.Refused("slot_full", field="starts_at", starts_at="2026-03-10T09:00:00+08:00"))
    body = problem(house.ask(BOOK, token=token_for(BOOK), headers={"Accept-Language": language}), 409, "slot_full")
    assert body["detail"] == detail
    assert body["title"] == sentence("refusal.booking.slot_full", language)


@pytest.mark.parametrize(("language", "word"), [("en", "on hold"), ("zh", "暂停")])
def test_words_of_the_contracts_are_said_in_the_language(house: House, language: str, word: str) -> None:
    """A status is no sentence of anybody's language."""
    house.services.answer = _refuses(errors.Refused("not_in_this_status", status="on_hold", step="deliver"))
    body = problem(house.ask(DELIVER, token=token_for(DELIVER), headers={"Accept-Language": language}), 409, "not_in_this_status")
    assert word in body["detail"]
    assert body["details"]["status"] == "on_hold"


def test_a_case_that_lacks_a_fact_is_told_by_its_title(house: House) -> None:
    """No place is left open in a sentence."""
    house.services.answer = _refuses(errors.Refused("slot_full"))
    body = problem(house.ask(BOOK, token=token_for(BOOK)), 409, "slot_full")
    assert body["detail"] == body["title"]


def test_each_code_has_the_status_it_is_listed_with() -> None:
    """Of the services' errors and of the doors' own."""
    for folder in ("chassis", "gateway", "services"):
        for one in raised(folder, {error.__name__ for error in problems._STATUS} - {"Refused", "Invalid"}):
            if not one.place.startswith("chassis/amqp/embedded"):
                assert {PROBLEMS[code] for code in one.codes} == {problems._STATUS[getattr(errors, one.error)]}, one
    made = [
        (node.args[0].value, node.args[1].value)
        for file in (ROOT / "gateway" / "http").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Problem"
        and all(isinstance(given, ast.Constant) for given in node.args)
    ]
    assert len(made) > 10
    assert [(status, code) for status, code in made if PROBLEMS[code] != status] == []
    assert {PROBLEMS[code] for code in problem_codes.OF_TOKENS} == {401}


def test_the_document_lists_the_codes_of_an_operation(house: House) -> None:
    """By status, only statuses that are described, and every refusal."""
    paths = house.app.test_client().get("/v1/openapi.json").get_json()["paths"]
    for row in ROWS:
        operation = paths[row.path][row.route.method.lower()]
        listed = operation["x-problems"]
        assert listed.keys() <= operation["responses"].keys(), name(row)
        assert listed.get("409", []) == problem_codes.refusals()[f"{row.route.request.service}.{row.route.request.method}"]
    assert "slot_full" in paths[BOOK.path]["post"]["x-problems"]["409"]
    assert "invalid_credentials" in paths["/v1/tokens"]["post"]["x-problems"]["401"]


def test_the_document_says_how_long_keys_are_kept(house: House) -> None:
    """As the gateway is set up."""
    said = house.app.test_client().get("/v1/openapi.json").get_json()["info"]["description"]
    assert f"Keys are kept for {house.executor.settings.inbox_retention_days} days." in said


def test_a_replay_is_marked(house: House) -> None:
    """An answer from the record says so; the first one does not, and a bare read neither."""
    row = next(row for row in COMMANDS if row.service == "workshop" and row.needs_key)
    assert headers.REPLAYED not in house.ask(row, token=token_for(row)).headers
    house.services.answer = lambda noted: Replayed({"id": "1", "version": 1})
    assert house.ask(row, token=token_for(row)).headers[headers.REPLAYED] == "true"
