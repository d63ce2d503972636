"""Every language has a text for every code, no text is left over, and the same values stand in each."""

import re
from string import Formatter

import pytest

import locales
from locales import CATALOGUES, SOURCE, languages, sentence
from tests.contracts.command_texts import said, said_in
from tests.contracts.refusal_codes import ROOT
from tests.contracts.rule_codes import rules, rules_in
from tests.contracts.text_codes import facts, optional, wanted

every_language = pytest.mark.parametrize("language", languages())
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SENTENCES = ("problem.", "refusal.", "rule.", "case.", "cause.", "remedy.")


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
    missing = sorted(wanted(language) - written.keys())
    assert not missing, f"{language} lacks {len(missing)} texts:\n" + "\n".join(missing)
    assert sorted(code for code, several in written.items() if not all(several)) == []


@every_language
def test_nothing_is_left_over(language: str) -> None:
    """A text that nobody says is work for nothing in every language."""
    assert sorted(texts(language).keys() - wanted(language) - optional()) == []


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


@every_language
def test_a_title_is_the_same_in_every_case(language: str) -> None:
    """The facts stand in the sentence for the case."""
    for code, several in texts(language).items():
        if code.startswith(("problem.", "refusal.", "cause.", "remedy.")):
            assert not set().union(*map(places, several)), (language, code)


def test_the_sentence_for_a_case_says_its_facts() -> None:
    """All that come with the refusal wherever it is raised, and no other."""
    told = {key: places(sentence(f"case.{key}", SOURCE)) for key, known in facts().items() if known}
    assert told == {key: set(known) for key, known in facts().items() if known}


def test_a_command_gives_its_texts_their_values() -> None:
    """No more and no fewer than there are places for."""
    given = [(one.module, code, values) for one in said() for code, values in one.values if "" not in values]
    assert given
    for module, code, values in given:
        assert places(sentence(code, SOURCE)) == values, (module, code)


def test_no_command_has_words_of_its_own() -> None:
    """Whatever it says has a code."""
    assert {one.module: one.words for one in said() if one.words} == {}


def test_sentences_are_sentences() -> None:
    """English and Chinese are what they say they are."""
    for code, [english] in texts("en").items():
        if code.startswith(SENTENCES):
            assert english[0].isupper() or english.startswith(("{", "“{", "amount and currency")), code
            assert english.endswith("."), code
        assert not CHINESE.search(english), code
    for code, [chinese] in texts("zh").items():
        if code.startswith(SENTENCES):
            assert chinese.endswith("。"), code
        assert CHINESE.search(chinese), code


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("raise Invalid.field('amount', 'must_be_positive')", ["must_be_positive"]),
        ("raise Invalid.field(field, 'wrong_currency', currency=currency)", ["wrong_currency"]),
        ("raise Invalid.field(field, 'a_b' if early else 'c_d')", ["a_b", "c_d"]),
        ("raise Invalid.fields({field: ['needs_a_line'] for field in missing})", ["needs_a_line"]),
        ("errors['x'] = ['named_twice']", ["named_twice"]),
        ("fields.String(validate=validate.Regexp('x', error='not_a_login'))", ["not_a_login"]),
        ("raise ValidationError('not_an_email')", ["not_an_email"]),
        ("raise Invalid.field('x', TABLE['x'])", [None]),
    ],
)
def test_codes_are_read_from_the_source(source: str, codes: list[str | None]) -> None:
    """However it spells them; what cannot be read is known to be unreadable."""
    assert [one.code for one in rules_in(source, "module")] == codes


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("typer.echo('done')", ["done"]),
        ("typer.echo(f'{count} left')", [" left"]),
        ("print('none' if empty else text('cli.run.some'))", ["none"]),
        ("raise CannotDo(f'{folder} is no folder')", [" is no folder"]),
        ("with reaching(f'the database of {name}', url): ...", ["the database of "]),
        ("typer.Option('--all', help='Every one.')", ["Every one."]),
        ("show_table(('what',), rows, empty='nothing')", ["what", "nothing"]),
        ("@app.command('list')\ndef list_(): 'List them.'", ["its docstring"]),
        ("typer.echo(f\"servicelane: {text('cli.run.some', name=row['name'])}\")", []),
        ("show_table((text('cli.run.some'),), [('a', 'b')], empty=text('cli.run.none'))", []),
    ],
)
def test_a_commands_own_words_are_read_from_the_source(source: str, words: list[str]) -> None:
    """However it says them."""
    assert list(said_in(source, "module").words) == words


def test_a_part_has_one_name_in_chinese() -> None:
    """配件, the trade's word: nowhere 备件 or 零件."""
    files = sorted((ROOT / "locales" / "zh").rglob("*.po"))
    assert files
    assert not [file.name for file in files if {"备件", "零件"} & {*re.findall("备件|零件", file.read_text(encoding="utf-8"))}]


def test_the_package_says_where_its_files_are() -> None:
    """So that they are installed with it."""
    pattern = 'locales = ["*/LC_MESSAGES/*.po"]'
    assert pattern in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert locales.__file__ is not None
