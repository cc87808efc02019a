"""Sentences of the engine in the language of the reader; the record keeps them in English."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Any

from babel.numbers import format_decimal
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, to_locale

from policies.engine.values.said import Figure, Said

# The default context rounds to 28 digits.
_DIGITS = 60
_SPACES = str.maketrans({"\u202f": " ", "\u00a0": " "})


def in_words(said: Any) -> str:
    """Return a sentence in the current language: one of the engine, what is stored of one, or a plain text.

    A text that the catalogs do not know, such as an author's own message, stays as it is.
    """
    if isinstance(said, Said):
        return _filled(said.template, said.values)
    if isinstance(said, Mapping):
        return _in_words_of_json(said)
    if isinstance(said, Figure):
        return written(said.digits, said.currency, locale())
    if isinstance(said, date):
        return date_format(said)
    if isinstance(said, list | tuple):
        return ", ".join(in_words(each) if _is_sentence(each) else str(each) for each in said)
    # The catalogs keep their own header under the empty text.
    return gettext(said) if isinstance(said, str) and said else str(said)


def locale() -> str:
    """The locale of the language that is active now."""
    return _locale_of(get_language() or "en")


_locale_of = lru_cache(maxsize=64)(to_locale)


@lru_cache(maxsize=4_096)
def written(text: str, currency: str, locale: str) -> str:
    """A decimal text in a locale with all its decimals, after its currency if there is one."""
    places = len(text.partition(".")[2])
    pattern = "#,##0" + ("." + "0" * places if places else "")
    with localcontext(prec=max(_DIGITS, len(text))):
        said = format_decimal(Decimal(text), format=pattern, locale=locale)
    # Other blanks would be shown as hidden characters.
    return f"{currency} {said}".translate(_SPACES).strip()


def _in_words_of_json(said: Mapping[str, Any]) -> str:
    if "figure" in said:
        return written(said["figure"], said["currency"], locale())
    if "day" in said:
        return date_format(date.fromisoformat(said["day"]))
    return _filled(str(said.get("template", "")), said.get("values", {}))


def _filled(template: str, values: Mapping[str, Any]) -> str:
    given = {name: in_words(value) if _is_sentence(value) else str(value) for name, value in values.items()}
    return gettext(template).format_map(given) if template else ""


def _is_sentence(value: Any) -> bool:
    # A plain text is a value, such as a field's name, and is shown as it is.
    return isinstance(value, Said | Figure | date | Mapping | list | tuple)
