"""Numbers in the reader's language: how they are written, and what was typed."""

from decimal import Decimal, localcontext
from functools import lru_cache

from babel.numbers import format_decimal, get_decimal_symbol
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from policies.engine.values import typed_numbers
from policies.engine.values.currencies import exponent

# The default context rounds to 28 digits.
_DIGITS = 60
_SPACES = str.maketrans({"\u202f": " ", "\u00a0": " "})


class Unreadable(Exception):
    """The text is not valid for the field; the message says what is expected."""


def locale() -> str:
    """The locale of the language that is active now."""
    return to_locale(get_language() or "en")


def mark() -> str:
    """The decimal mark of the language that is active now."""
    return _mark(locale())


def typed(text: str, currency: str | None = None) -> str:
    """The number that a reader typed, as JSON writes it.

    :param currency: of an amount; None for another number.
    :raises Unreadable: it is no number, or it can mean two; the message says how to write it.
    """
    try:
        return typed_numbers.read(text, mark(), None if currency is None else exponent(currency))
    except typed_numbers.Unclear as unclear:
        said = {
            "text": text.strip(),
            "whole": unclear.whole,
            "fraction": _other(unclear.fraction).replace(".", mark()),
        }
        raise Unreadable(
            _("%(text)s can mean two numbers. Write %(whole)s or %(fraction)s to make it clear.") % said
        ) from unclear
    except typed_numbers.NotANumber as error:
        if mark() == typed_numbers.COMMA:
            raise Unreadable(_("Enter a number, for example 1234,50.")) from error
        raise Unreadable(_("Enter a number with a decimal point and no separators, for example 1234.50.")) from error


@lru_cache(maxsize=4_096)
def written(text: str, currency: str, locale: str) -> str:
    """A decimal text in a locale with all its decimals, after its currency if there is one."""
    places = len(text.partition(".")[2])
    pattern = "#,##0" + ("." + "0" * places if places else "")
    with localcontext(prec=max(_DIGITS, len(text))):
        said = format_decimal(Decimal(text), format=pattern, locale=locale)
    # Other blanks would be shown as hidden characters.
    return f"{currency} {said}".translate(_SPACES).strip()


@lru_cache(maxsize=32)
def _mark(locale: str) -> str:
    return get_decimal_symbol(locale)


def _other(fraction: str) -> str:
    """The same number with two or four decimals, which cannot be a group of thousands."""
    return fraction[:-1] if fraction.endswith("0") else f"{fraction}0"
