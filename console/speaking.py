"""The reader's language: chosen by them and kept, else their account's, else the browser's. Texts stand in `locales/`."""

from typing import Any

from flask import g, request

from locales import SOURCE, knows, languages, sentence

COOKIE = "lane-language"


def language() -> str:
    """The language of this request."""
    known: str | None = g.get("language")
    if known is None:
        known = g.language = _chosen() or request.accept_languages.best_match(languages()) or SOURCE
    return known


def prefer(account: str) -> None:
    """Speak the account's language, unless the reader chose one."""
    if _chosen() is None and account in languages():
        g.language = account


def t(code: str, /, **values: Any) -> str:
    """The text of one of the console's codes."""
    return sentence(f"console.{code}", language(), **values)


def word(kind: str, value: str | None) -> str:
    """How the language calls a value of the interface; what it does not know is said as it is."""
    code = f"console.word.{kind}.{value}"
    return sentence(code, language()) if knows(code) else (value or "")


def refused(service: str, code: str, /, **facts: Any) -> str:
    """The words with which a service refuses, of what it says it would refuse: of this case, where there are such."""
    case = f"case.{service}.{code}"
    return sentence(case if knows(case) else f"refusal.{service}.{code}", language(), **facts)


def role(value: str) -> str:
    """The name of a role."""
    return sentence(f"role.{value}", language()) if knows(f"role.{value}") else value


def _chosen() -> str | None:
    kept = request.cookies.get(COOKIE, "")
    return kept if kept in languages() else None
