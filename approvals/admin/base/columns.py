"""Columns of record lists that say something in words."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin


def word_for(name: str, word: Any, description: Any) -> Callable[[Any, Any], str]:
    """A column with a word where a row has the property, and nothing where it has not: no alarm where all is well."""

    def column(_admin: Any, row: Any) -> str:
        return str(word) if getattr(row, name) else ""

    return admin.display(description=description, ordering=name)(column)
