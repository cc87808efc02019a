"""Numbers in the reader's language: their decimal mark, and what was typed."""

from functools import lru_cache

from babel.numbers import get_decimal_symbol
from django.utils.translation import gettext as _

from policies.engine.values import typed_numbers
from policies.engine.values.currencies import exponent
from policies.words import locale


class Unreadable(Exception):
    """The text is not valid for the field; the message says what is expected."""


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
        raise Unreadable(_("%(text)s is ambiguous. Write %(whole)s or %(fraction)s instead.") % said) from unclear
    except typed_numbers.NotANumber as error:
        if mark() == typed_numbers.COMMA:
            raise Unreadable(_("Enter a number, for example 1234,50.")) from error
        raise Unreadable(_("Enter a number with a decimal point and no separators, for example 1234.50.")) from error


@lru_cache(maxsize=32)
def _mark(locale: str) -> str:
    return get_decimal_symbol(locale)


def _other(fraction: str) -> str:
    """The same number with two or four decimals, which cannot be a group of thousands."""
    return fraction[:-1] if fraction.endswith("0") else f"{fraction}0"
