"""Columns of record lists that say something in words."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from approvals.display.fragments import tree


def word_for(name: str, word: Any, description: Any) -> Callable[[Any, Any], str]:
    """A column with a word where a row has the property, and nothing where it has not: no alarm where all is well."""

    def column(_admin: Any, row: Any) -> str:
        return str(word) if getattr(row, name) else ""

    return admin.display(description=description, ordering=name)(column)


@admin.display(description=_("inactive"), ordering="is_active")
def inactive(_admin: Any, row: Any) -> str:
    """A column that says which rows count no longer, and nothing of the many that do."""
    return "" if row.is_active else str(_("inactive"))


def short_digest(name: str, description: Any) -> Callable[[Any, Any], str]:
    """A column with the beginning of a digest; its title has the whole, and so does the page of the row."""

    def column(_admin: Any, row: Any) -> str:
        whole = getattr(row, name)
        return format_html('<code class="digest" title="{}">{}</code>', whole, f"{whole[:12]}…") if whole else ""

    return admin.display(description=description, ordering=name)(column)


def tree_of(name: str, description: Any) -> Callable[[Any, Any], str]:
    """A field of a page that shows what a row holds as JSON as nested lists of names and values."""

    def column(_admin: Any, row: Any) -> str:
        held = getattr(row, name)
        return tree(json.loads(held) if isinstance(held, str) else held)

    return admin.display(description=description)(column)
