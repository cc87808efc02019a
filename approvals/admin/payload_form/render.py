"""One value as it is read: its text exactly, in parts where that helps, with what it means in words beside it."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html

from approvals.display.fragments import in_parts, inert, shown


def drawn(value: Any, parts: Iterable[tuple[str, str]], said: str = "", unit: str = "") -> str:
    """A value with its unit, or what it means with the value as it is written behind that.

    :param parts: roles and texts that make up the value's text; none shows it whole.
    """
    exact = in_parts(parts) if parts else shown(value)
    if said:
        return format_html('<span class="said">{}</span> <code class="exact">{}</code>', inert(said), exact)
    if unit:
        return format_html('{} <span class="unit">{}</span>', exact, inert(unit))
    return exact
