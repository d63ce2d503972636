"""How a sentence is made: from the files of its language, with its values as that language writes them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

from locales import Catalogues, languages, sentence

EN = """
msgid "greeting"
msgstr "Hello, {name}."

msgid "left"
msgid_plural "left"
msgstr[0] "{count} day is left."
msgstr[1] "{count} days are left."

msgid "price"
msgstr "It costs {price}."

msgid "again"
msgstr "Rework {count}"
"""

ZH = """
msgid "again"
msgstr "第 {count} 次返工"
"""

PL = """
msgid "left"
msgid_plural "left"
msgstr[0] "Został {count} dzień."
msgstr[1] "Zostały {count} dni."
msgstr[2] "Zostało {count} dni."

msgid "price"
msgstr "Kosztuje {price}."
"""


def folder(root: Path, **catalogues: str) -> Catalogues:
    """A folder of catalogues, one file a language."""
    for language, text in catalogues.items():
        (root / language / "LC_MESSAGES").mkdir(parents=True)
        (root / language / "LC_MESSAGES" / "texts.po").write_text(text, encoding="utf-8")
    return Catalogues(root)


def test_languages_are_found_english_first(tmp_path: Path) -> None:
    """A folder without catalogues is no language."""
    (tmp_path / "__pycache__").mkdir()
    assert folder(tmp_path, zh="", de="", en=EN).languages() == ("en", "de", "zh")
    assert languages()[0] == "en"
    assert "zh" in languages()


def test_values_stand_where_the_catalogue_has_them(tmp_path: Path) -> None:
    """A value is no pattern itself, and one that is missing leaves its place visible."""
    catalogues = folder(tmp_path, en=EN)
    assert catalogues.sentence("greeting", "en", name="{count} %s") == "Hello, {count} %s."
    assert catalogues.sentence("greeting", "en") == "Hello, {name}."


def test_what_a_language_lacks_is_said_in_english_and_what_nobody_knows_as_it_is(tmp_path: Path) -> None:
    """Nobody gets an empty sentence."""
    catalogues = folder(tmp_path, en=EN, pl=PL)
    assert catalogues.sentence("greeting", "pl", name="Jan") == "Hello, Jan."
    assert catalogues.sentence("greeting", "fr", name="Jean") == "Hello, Jean."
    assert catalogues.sentence("no.such.code", "pl") == "no.such.code"
    assert (catalogues.knows("greeting"), catalogues.knows("no.such.code")) == (True, False)


def test_a_count_chooses_the_plural_of_the_language(tmp_path: Path) -> None:
    """Some have more than two."""
    catalogues = folder(tmp_path, en=EN, pl=PL)
    assert [catalogues.sentence("left", "en", count=count) for count in (1, 2)] == ["1 day is left.", "2 days are left."]
    assert [catalogues.sentence("left", "pl", count=count) for count in (1, 2, 5)] == [
        "Został 1 dzień.",
        "Zostały 2 dni.",
        "Zostało 5 dni.",
    ]


def test_a_text_may_be_the_same_for_every_count(tmp_path: Path) -> None:
    """A language that has one text for them needs no plural, and its reader never sees the code."""
    catalogues = folder(tmp_path, en=EN, zh=ZH)
    assert catalogues.sentence("again", "en", count=2) == "Rework 2"
    assert catalogues.sentence("again", "zh", count=2) == "第 2 次返工"
    assert catalogues.sentence("left", "zh", count=2) == "2 days are left."


def test_a_code_stands_once(tmp_path: Path) -> None:
    """In whichever file of the language."""
    catalogues = folder(tmp_path, en=EN)
    (tmp_path / "en" / "LC_MESSAGES" / "more.po").write_text('msgid "greeting"\nmsgstr "Hi."\n', encoding="utf-8")
    with pytest.raises(ValueError, match="greeting stands twice"):
        catalogues.sentence("greeting", "en")


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        (12_345, "12,345", "12.345"),
        (Decimal("1234.5"), "1,234.5", "1.234,5"),
        ({"amount": "1234.50", "currency": "EUR"}, "€1,234.50", "1.234,50\xa0€"),
        (date(2026, 3, 2), "March 2, 2026", "2. März 2026"),
        ("2026-03-02", "March 2, 2026", "2. März 2026"),
        (datetime(2026, 3, 2, 4, 0, tzinfo=UTC), "Mar 2, 2026 04:00 UTC", "02.03.2026 04:00 UTC"),
        (datetime(2026, 3, 2, 4, 0), "Mar 2, 2026 04:00", "02.03.2026 04:00"),  # a wall's
        ("2026-03-02 12:00", "2026-03-02 12:00", "2026-03-02 12:00"),
        ("2026-03-02T04:00:00+00:00", "Mar 2, 2026 04:00 UTC", "02.03.2026 04:00 UTC"),
        (time(16, 30), "4:30\u202fPM", "16:30"),
        (["oil", "water"], "oil or water", "oil oder water"),
        ("2026-99-99", "2026-99-99", "2026-99-99"),
        ("12.50", "12.50", "12.50"),
        (None, "", ""),
    ],
)
def test_a_value_is_written_as_the_language_writes_it(tmp_path: Path, value: object, english: str, german: str) -> None:
    """Never as Python writes it."""
    catalogues = folder(tmp_path, en='msgid "it"\nmsgstr "{value}"\n', de='msgid "it"\nmsgstr "{value}"\n')
    assert (catalogues.sentence("it", "en", value=value), catalogues.sentence("it", "de", value=value)) == (english, german)


def test_the_catalogues_of_the_house_are_read() -> None:
    """From the folders beside the package."""
    assert sentence("rule.wrong_currency", "en", currency="CNY") == "Must be in CNY."
    assert sentence("rule.wrong_currency", "zh", currency="CNY") == "币种须为 CNY。"


def test_words_stand_in_every_sentence_that_names_them() -> None:
    assert "星期一" in sentence("rule.hours_overlap", "zh", weekday="monday")
    assert "微信支付" in sentence("rule.required_for_method", "zh", payment_method="wechat_pay")
    assert "中国" in sentence("rule.not_a_phone_of", "zh", country="CN")
    assert "China" in sentence("rule.not_a_phone_of", "en", country="CN")
    assert sentence("rule.not_a_phone_of", "en", country="+").count("+") == 1
    assert "客户自费" in sentence("case.billing.no_such_share", "zh", payer="customer_pay")
    assert "monday" not in sentence("rule.hours_overlap", "en", weekday="monday")


def test_a_moment_is_told_by_the_dealers_clock_as_pages_tell_it() -> None:
    """Rule G0: to the minute, without an offset that nobody reads."""
    assert "2026年3月9日 09:00" in sentence("case.booking.slot_full", "zh", starts_at="2026-03-09T09:00:00+08:00")
    assert "Mar 9, 2026 09:00 " in sentence("case.booking.slot_full", "en", starts_at="2026-03-09T09:00:00+08:00")
