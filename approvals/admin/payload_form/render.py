"""Renders one value: its exact text, split into parts, with its meaning beside it."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html

from approvals.display.fragments import in_parts, inert, shown
from policies.engine.values.currencies import CODES


def drawn(value: Any, parts: Iterable[tuple[str, str]], said: str = "", unit: str = "") -> str:
    """A value with its unit, or its meaning followed by the exact value.

    :param parts: roles and texts that make up the value's text; none shows it whole.
    """
    exact = in_parts(parts) if parts else shown(value)
    if said:
        return format_html('<span class="said">{}</span> <code class="exact">{}</code>', inert(said), exact)
    if unit in CODES:
        # As amounts are written elsewhere on the page; the style sheet draws the commas between the same digits.
        return format_html('<span class="unit">{}</span> <span class="in-thousands">{}</span>', inert(unit), exact)
    if unit:
        return format_html('{} <span class="unit">{}</span>', exact, inert(unit))
    return exact
