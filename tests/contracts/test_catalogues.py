"""Every language has a text for every code, no text is left over, and the same values stand in each."""

import ast
import re
from importlib import import_module
from string import Formatter

import pytest

import locales
from contracts.http import Route
from contracts.problems import PROBLEMS
from locales import CATALOGUES, SOURCE, languages, sentence
from servicelane.suite import SERVICES
from tests.contracts.refusal_codes import ROOT
from tests.contracts.rule_codes import rules, rules_in

every_language = pytest.mark.parametrize("language", languages())
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WITH_DETAILS = {"Refused", "PreconditionFailed", "Forbidden", "KeyReused", "Unavailable", "DeadlineExceeded"}
SENTENCES = ("problem.", "refusal.", "rule.")


def routes() -> list[Route]:
    """Every route of every contract."""
    return [route for service in SERVICES for route in import_module(f"contracts.{service}.routes").ROUTES]


def details() -> set[str]:
    """The names of all facts that errors carry to the caller."""
    found = {"role_needed"}  # gateway/http/guard.py
    for folder in ("chassis", "services", "gateway"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WITH_DETAILS:
                    found |= {keyword.arg for keyword in node.keywords if keyword.arg is not None}
    return found


def wanted(language: str) -> set[str]:
    """Every code that needs a text in this language."""
    found = {f"problem.{code}" for code in PROBLEMS}
    found |= {
        f"refusal.{service}.{code}" for service in SERVICES for code in import_module(f"contracts.{service}.refusals").REFUSALS
    }
    found |= {f"rule.{one.code}" for one in rules()}
    found |= {f"detail.{name}" for name in details()}
    found |= {"finding.delivery", *(f"finding.{effect}.{fault}" for effect, fault in FINDINGS)}
    if language != SOURCE:  # English comes from the contract
        found |= {f"route.{route.request.service}.{route.request.method}" for route in routes()} | {"route.gateway.tokens"}
    return found


FINDINGS = (
    ("invoice", "missing"),
    ("invoice", "double"),
    ("invoice", "unexpected"),
    ("deduction", "missing"),
    ("deduction", "double"),
    ("follow_up", "missing"),
    ("follow_up", "double"),
    ("credit_note", "missing"),
    ("credit_note", "double"),
    ("credit_note", "unequal"),
    ("deduction", "not_taken_back"),
    ("follow_up", "not_taken_back"),
)
"""What reconciliation can find wrong with which effect; tests/unit/gateway/test_effect.py provokes each."""


def texts(language: str) -> dict[str, list[str]]:
    """All texts of a language by code; one that has plurals has several."""
    found = {}
    for message in CATALOGUES.catalogue(language):
        if message.id:
            code = message.id[0] if isinstance(message.id, tuple) else message.id
            found[code] = list(message.string) if isinstance(message.string, tuple) else [message.string]
    return found


def places(text: str) -> set[str]:
    """The values a text has places for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@every_language
def test_nothing_is_missing(language: str) -> None:
    """Of what the code can say."""
    written = texts(language)
    assert sorted(wanted(language) - written.keys()) == []
    assert sorted(code for code, several in written.items() if not all(several)) == []


@every_language
def test_nothing_is_left_over(language: str) -> None:
    """A text that nobody says is work for nothing in every language."""
    known = {code for code in texts(language) if not code.startswith("cli.")}  # tests/unit/dev has those of the command line
    assert sorted(known - wanted(language)) == []


@every_language
def test_every_text_has_places_for_the_same_values(language: str) -> None:
    """As in English; in a plural, each form."""
    english = {code: set().union(*map(places, several)) for code, several in texts(SOURCE).items()}
    for code, several in texts(language).items():
        for text in several:
            assert places(text) == english.get(code, set()), (language, code)


def test_a_rule_has_places_for_values_that_are_given() -> None:
    """Wherever it is said: a place without a value would stay in the sentence."""
    for one in rules():
        assert one.code is not None, f"{one.place}: the code must be readable in the source"
        if one.code != "not_one_of":
            assert places(sentence(f"rule.{one.code}", SOURCE)) <= one.values, one.place


def test_sentences_are_sentences() -> None:
    """English and Chinese are what they say they are."""
    for code, [english] in texts("en").items():
        if code.startswith(SENTENCES):
            assert english[0].isupper() or english.startswith(("“{", "amount and currency")), code
            assert english.endswith("."), code
        assert not CHINESE.search(english), code
    for code, [chinese] in texts("zh").items():
        if code.startswith(SENTENCES):
            assert chinese.endswith("。"), code
        assert CHINESE.search(chinese) or code == "detail.vin", code


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("raise Invalid.field('amount', 'must_be_positive')", ["must_be_positive"]),
        ("raise Invalid.field(field, 'wrong_currency', currency=currency)", ["wrong_currency"]),
        ("raise Invalid.field(field, 'a_b' if early else 'c_d')", ["a_b", "c_d"]),
        ("raise Invalid.fields({field: ['needs_a_line'] for field in missing})", ["needs_a_line"]),
        ("errors['x'] = ['named_twice']", ["named_twice"]),
        ("fields.String(validate=validate.Regexp('x', error='not_a_login'))", ["not_a_login"]),
        ("raise ValidationError('not_a_price')", ["not_a_price"]),
        ("raise Invalid.field('x', TABLE['x'])", [None]),
    ],
)
def test_codes_are_read_from_the_source(source: str, codes: list[str | None]) -> None:
    """However it spells them; what cannot be read is known to be unreadable."""
    assert [one.code for one in rules_in(source, "module")] == codes


def test_the_package_says_where_its_files_are() -> None:
    """So that they are installed with it."""
    pattern = 'locales = ["*/LC_MESSAGES/*.po"]'
    assert pattern in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert locales.__file__ is not None
