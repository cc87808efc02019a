"""A configuration change in words, row by row and field by field, for the page that somebody decides on."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.services.catalog import row_changes
from approvals.services.catalog.row_changes import ADD, CHANGE, REMOVE, RowChange
from approvals.text.json_diff import ABSENT, between

MAX_LINES = 300
MAX_LENGTH = 2_000
_TITLES = {
    ADD: gettext_lazy("Add %(what)s “%(label)s”"),
    CHANGE: gettext_lazy("Change %(what)s “%(label)s”"),
    REMOVE: gettext_lazy("Remove %(what)s “%(label)s”"),
}
# Amounts by currency.
_AMOUNTS = frozenset({"ceilings", "daily_ceilings"})
# What follows from another field, as its normal form.
_SILENT = frozenset({"spelled"})


def lines(changes: Iterable[RowChange]) -> list[dict[str, str]]:
    """Each changed field of each row, with `row`, `field`, `from` and `to`; the last line counts what is left out."""
    found = [{**line, "row": title(change)} for change in changes for line in _fields(change)]
    if len(found) <= MAX_LINES:
        return found
    more = len(found) - MAX_LINES + 1
    return [
        *found[: MAX_LINES - 1],
        {"row": _("and %(count)d more") % {"count": more}, "field": "", "from": "", "to": ""},
    ]


def title(change: RowChange) -> str:
    """What happens to which row, such as `Change action type “Wire money”`."""
    name = row_changes.model_of(change.model)._meta.verbose_name
    return str(_TITLES[change.operation]) % {"what": name, "label": change.label}


def summary(changes: list[RowChange]) -> str:
    """The whole change in one phrase."""
    first = title(changes[0])
    more = len(changes) - 1
    return _("%(first)s and %(count)d more") % {"first": first, "count": more} if more else first


def _fields(change: RowChange) -> Iterator[dict[str, str]]:
    model = row_changes.model_of(change.model)
    for name, (before, after) in change.fields.items():
        field: Any = model._meta.get_field(name)
        if (
            name in _SILENT
            or _is_unsaid(name, before, after)
            or (change.operation != CHANGE and _is_nothing(before) and _is_nothing(after))
        ):
            continue
        label = str(capfirst(str(field.verbose_name)))
        if isinstance(before, dict | list) and isinstance(after, dict | list) and not field.many_to_many:
            yield from (
                _line(
                    f"{label} {each.pointer.lstrip('/') if name in _AMOUNTS else each.pointer}".strip(),
                    _plain(each.before),
                    _plain(each.after),
                )
                for each in between(before, after)
            )
        else:
            yield _line(label, _shown(field, before), _shown(field, after))


def _is_unsaid(name: str, before: Any, after: Any) -> bool:
    """Whether it is a new or former membership that is not for every client: without clients, none is."""
    return name == "covers_clients" and not before and not after


def _line(label: str, before: str, after: str) -> dict[str, str]:
    return {"field": label, "from": before[:MAX_LENGTH], "to": after[:MAX_LENGTH]}


def _is_nothing(value: Any) -> bool:
    return value is None or value is ABSENT or value in ("", {}, [])


def _shown(field: Any, value: Any) -> str:
    if field.name in _AMOUNTS and value:
        return ", ".join(f"{currency} {amount}" for currency, amount in sorted(value.items()))
    if field.choices and not _is_nothing(value):
        return str(dict(field.flatchoices).get(value, value))
    if field.many_to_many or field.is_relation:
        return ", ".join(_key(each) for each in value) if field.many_to_many and value else _key(value)
    return _plain(value)


def _key(value: Any) -> str:
    if _is_nothing(value):
        return _("nothing")
    return ".".join(_key(part) for part in value) if isinstance(value, list | tuple) else str(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if _is_nothing(value):
        return _("nothing")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
