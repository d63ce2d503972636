"""How the doors say no: every kind of error has its status, its stable type and a sentence in the caller's language."""

import json

import pytest
from structlog.testing import capture_logs

from chassis.wire import errors
from gateway.http import dispatch
from gateway.http.table import BODY_LIMIT, MEGABYTE, Table, modules
from locales import sentence
from tests.doors.examples import example
from tests.doors.house import OWN, ROWS, House, problem, token, token_for

DELIVER = next(row for row in ROWS if row.path.endswith("/{work_order_id}/deliver"))
ORDER = next(row for row in ROWS if row.route.method == "GET" and row.path.endswith("/work-orders/{work_order_id}"))
BOOK = next(row for row in ROWS if row.route.method == "POST" and row.path.endswith("/appointments"))
IMPORT = next(row for row in ROWS if row.path.endswith("/price-lists"))

OUTCOMES = {
    "absent": (errors.NotFound("not_found", kind="work_order", id="1"), 404, "not_found"),
    "refused": (errors.Refused("line_not_approved", line=3), 409, "line_not_approved"),
    "invalid": (errors.Invalid.fields({"lines.0.quantity": ["Too much."]}), 422, "invalid"),
    "stale": (errors.PreconditionFailed("version_is_stale", version=9), 412, "version_is_stale"),
    "forbidden": (errors.Forbidden("forbidden"), 403, "forbidden"),
    "key reused": (errors.KeyReused("idempotency_key_reused"), 422, "idempotency_key_reused"),
    "nobody there": (errors.Unavailable("service_unavailable", service="workshop"), 503, "service_unavailable"),
    "too late": (errors.DeadlineExceeded("deadline_exceeded"), 504, "deadline_exceeded"),
    "outcome unknown": (errors.DeadlineExceeded("outcome_unknown"), 504, "outcome_unknown"),
    "a defect there": (errors.ServiceError("internal_error", error="KeyError"), 500, "internal_error"),
    "no such method": (errors.ServiceError("unknown_method"), 500, "internal_error"),
    "a defect here": (RuntimeError("the secret reason"), 500, "internal_error"),
}


def _raises(error: Exception):
    def answer(noted):
        raise error

    return answer


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_a_service_answers_is_told_as_a_problem(house: House, outcome: str) -> None:
    """Each typed error has one status; a defect tells nothing of its inside."""
    error, status, code = OUTCOMES[outcome]
    house.services.answer = _raises(error)
    response = house.ask(DELIVER, token=token_for(DELIVER))
    body = problem(response, status, code)
    assert "secret reason" not in response.get_data(as_text=True)
    assert ("Retry-After" in response.headers) == (status in (503, 504))
    if outcome == "refused":
        assert body["details"] == {"line": 3}
    if outcome == "invalid":
        assert body["errors"] == {"lines.0.quantity": ["Too much."]}


@pytest.mark.parametrize("offset", ["+08:00", "+00:00"])
def test_a_moment_is_told_by_the_dealers_clock_and_names_no_zone(house: House, offset: str) -> None:
    """In winter in London as in summer: the service told it by that clock."""
    house.services.answer = _raises(errors.Refused("car_has_appointment", starts_at=f"2026-12-03T18:00:00{offset}"))
    body = problem(house.ask(BOOK, token=token_for(BOOK)), 409, "car_has_appointment")
    assert "Dec 3, 2026 18:00" in body["detail"]
    assert "UTC" not in body["detail"]
    assert body["details"]["starts_at"] == f"2026-12-03T18:00:00{offset}"


def test_a_defect_of_ours_is_logged_by_its_name(house: House) -> None:
    """With the request's id, which the caller can tell us."""
    house.services.answer = _raises(KeyError("visit_id"))
    with capture_logs() as logs:
        response = house.ask(DELIVER, token=token_for(DELIVER))
    (failed,) = [line for line in logs if line["event"] == "http_request_failed"]
    assert (failed["error"], failed["request_id"]) == ("KeyError", response.headers["X-Request-Id"])
    (answered,) = [line for line in logs if line["event"] == "http_answered"]
    assert answered["route"] == DELIVER.rule
    assert (answered["status"], answered["dealer"], answered["principal"]) == (500, OWN, house.services.calls[0].call.principal)


def test_a_reference_not_known_yet_is_asked_for_again_under_the_same_key(house: House) -> None:
    """What another service has just announced may be on its way: the caller is not troubled."""
    unknown = iter([errors.NotYetKnown.reference("customer_id", "1")] * 2)

    def comes_to_know(noted):
        for error in unknown:
            raise error
        return {"id": "1", "version": 1}

    house.services.answer = comes_to_know
    response = house.ask(DELIVER, token=token_for(DELIVER))
    assert response.status_code == 200
    assert len({noted.call.idempotency_key for noted in house.services.calls}) == 1
    assert len({noted.call.request_hash for noted in house.services.calls}) == 1
    assert len(house.services.calls) == 3


def test_a_refusal_that_an_event_may_lift_is_said_when_none_came(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same patience; then the refusal as any other one."""
    monkeypatch.setattr(dispatch, "PATIENCE_SECONDS", 0.2)
    house.services.answer = _raises(errors.Refused("slot_full", starts_at="noon").so_far())
    body = problem(house.ask(DELIVER, token=token_for(DELIVER)), 409, "slot_full")
    assert body["details"] == {"starts_at": "noon"}
    assert len(house.services.calls) > 1


def test_a_reference_nobody_comes_to_know_is_refused_by_name(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """After two seconds; 422 naming the field."""
    assert dispatch.PATIENCE_SECONDS == 2.0
    monkeypatch.setattr(dispatch, "PATIENCE_SECONDS", 0.2)
    house.services.answer = _raises(errors.NotYetKnown.reference("customer_id", "1"))
    body = problem(house.ask(DELIVER, token=token_for(DELIVER)), 422, "not_yet_known")
    assert set(body["errors"]) == {"customer_id"}
    assert len(house.services.calls) > 1


@pytest.mark.parametrize(
    ("asked", "account", "title"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.5", "en", "未找到。"),
        ("en-GB", "zh", "There is nothing here."),
        (None, "zh", "未找到。"),
        ("fr", "zh", "未找到。"),
        (None, "fr", "There is nothing here."),
    ],
)
def test_the_title_is_in_the_callers_language(house: House, asked: str | None, account: str, title: str) -> None:
    """What the request asks for, else the account's language, else English."""
    house.services.answer = _raises(errors.NotFound("not_found"))
    wang = token(dealers={OWN: [ORDER.route.roles[0]]}, locale=account)
    response = house.ask(ORDER, token=wang, headers={"Accept-Language": asked})
    assert problem(response, 404, "not_found")["title"] == title


@pytest.mark.parametrize(("service", "path"), [("workshop", "/work-orders"), ("booking", "/appointments")])
def test_a_refusal_is_told_in_the_words_of_its_service(house: House, service: str, path: str) -> None:
    """Two services may refuse for the same reason, each seen from its own side."""
    row = next(row for row in ROWS if row.service == service and row.route.method == "POST" and row.path.endswith(path))
    code = min(dict(modules("refusals"))[service].REFUSALS)
    house.services.answer = _raises(errors.Refused(code))
    for language in ("en", "zh"):
        title = sentence(f"refusal.{service}.{code}", language)
        response = house.ask(row, token=token_for(row), headers={"Accept-Language": language})
        assert problem(response, 409, code)["title"] == title


def test_what_is_no_route_is_a_problem_too(house: House) -> None:
    """Neither HTML nor a redirect: unknown paths, double and trailing slashes, methods a path does not know."""
    client = house.app.test_client()
    for path in ("/", "/v1/nothing", "/v1//dealers", "/v1/dealers/", "/docs/../secret", "/%00"):
        problem(client.get(path), 404, "not_found")
    response = client.delete("/v1/dealers")
    problem(response, 405, "method_not_allowed")
    assert "POST" in response.headers["Allow"]
    problem(client.options("/v1/dealers"), 405, "method_not_allowed")


def test_a_body_may_have_two_megabytes_and_a_price_file_more(house: House) -> None:
    """413 beyond; the import of a price list may be 25 MB."""
    big = {"accepted_by": "x" * (BODY_LIMIT + 1)}
    problem(house.ask(DELIVER, token=token_for(DELIVER), change=big), 413, "request_too_large")
    assert house.services.calls == []
    assert house.ask(IMPORT, token=token_for(IMPORT), change={"file": "x" * 3 * MEGABYTE}).status_code == 200
    assert house.services.calls[0].timeout > 30
    problem(house.ask(IMPORT, token=token_for(IMPORT), change={"file": "x" * 26 * MEGABYTE}), 413, "request_too_large")


def test_a_refused_stranger_is_not_read_to_the_end(house: House) -> None:
    """Who has no token gets 401 whatever the size of what they send."""
    problem(house.ask(DELIVER, change={"accepted_by": "x" * (BODY_LIMIT + 1)}), 401, "not_authenticated")


def test_a_repeat_is_told_from_another_request_by_its_hash(house: House) -> None:
    """The same body in another order is the same request; another body or another path is not."""

    def hash_of(**more) -> str | None:
        house.services.calls.clear()
        assert house.ask(DELIVER, token=token_for(DELIVER), **more).status_code == 200
        return house.services.calls[0].call.request_hash

    first = hash_of()
    assert hash_of() == first
    _, values = example(DELIVER)
    backwards = json.dumps(dict(reversed(values.items())), indent=3)
    assert hash_of(body=backwards) == first
    assert hash_of(change={"mileage": 77777}) != first
    assert hash_of(path=DELIVER.path.replace("{work_order_id}", "0190a0a0-0000-7000-8000-00000000ffff")) != first


def test_every_answer_tells_browsers_to_be_careful(house: House) -> None:
    """Security headers on results and problems alike."""
    for response in (house.ask(ORDER, token=token_for(ORDER)), house.ask(ORDER)):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Request-Id"]


def test_too_many_requests_are_slowed_down(tmp_path) -> None:
    """429 with Retry-After, per principal and for a dealer as a whole; another dealer is not troubled."""
    house = House(str(tmp_path), Table([ORDER]), RATE_PER_PRINCIPAL="2/minute", RATE_PER_DEALER="3/minute")
    wang, li = (token(dealers={OWN: [ORDER.route.roles[0]]}, sub=f"account:{who}") for who in ("wang", "li"))
    statuses = [house.ask(ORDER, token=wang).status_code for _ in range(2)]
    assert statuses == [200, 200]
    response = house.ask(ORDER, token=wang)
    problem(response, 429, "too_many_requests")
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert house.ask(ORDER, token=li).status_code == 200
    problem(house.ask(ORDER, token=li), 429, "too_many_requests")
    zhang = token(dealers={"bj-chaoyang": [ORDER.route.roles[0]]}, sub="account:zhang")
    assert house.ask(ORDER, dealer="bj-chaoyang", token=zhang).status_code == 200


def test_created_things_are_located_where_they_can_be_read(house: House) -> None:
    """201 with a Location for what has a path of its own, without for what has none."""
    customers = next(row for row in ROWS if row.route.method == "POST" and row.path.endswith("/customers"))
    response = house.ask(customers, token=token_for(customers))
    assert response.headers["Location"].startswith(f"/v1/dealers/{OWN}/customers/")
    deposits = next(row for row in ROWS if row.path.endswith("/deposits"))
    assert "Location" not in house.ask(deposits, token=token_for(deposits)).headers
