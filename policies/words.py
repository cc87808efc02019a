"""Sentences of the engine in the language of the reader; the record keeps them in English."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from policies.engine.values.said import Said


def in_words(said: Any) -> str:
    """Return a sentence in the current language: one of the engine, what is stored of one, or a plain text.

    A text that the catalogs do not know, such as an author's own message, stays as it is.
    """
    if isinstance(said, Said):
        return _filled(said.template, said.values)
    if isinstance(said, Mapping):
        return _filled(str(said.get("template", "")), said.get("values", {}))
    if isinstance(said, list | tuple):
        return ", ".join(in_words(each) if _is_sentence(each) else str(each) for each in said)
    # The catalogs keep their own header under the empty text.
    return gettext(said) if isinstance(said, str) and said else str(said)


def _filled(template: str, values: Mapping[str, Any]) -> str:
    given = {name: in_words(value) if _is_sentence(value) else str(value) for name, value in values.items()}
    return gettext(template).format_map(given) if template else ""


def _is_sentence(value: Any) -> bool:
    # A plain text is a value, such as a field's name, and is shown as it is.
    return isinstance(value, Said | Mapping | list | tuple)
