"""How far a draft is: what it still needs, in neutral words, and what is wrong with it."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.admin.editor import sections
from policies.admin.editor.cells import Column, path_of
from policies.admin.editor.draft import Judged, Said


def is_only_open(found: Judged) -> bool:
    """Return whether a draft has no other faults than what it still needs."""
    return bool(found.faults) and all(fault.field for fault in found.faults)


def needed(faults: Sequence[Said]) -> list[str]:
    """Return what a draft still needs, place by place."""
    places: dict[str, dict[str, None]] = {}
    for fault in (fault for fault in faults if fault.field):
        of = fault.name.removesuffix(fault.field).removesuffix("/")
        places.setdefault(of, {})[_label(fault.field)] = None
    return [f"{_place(name)}: {', '.join(fields)}" for name, fields in places.items()]


def _place(name: str) -> str:
    path = path_of(name) if name else ()
    if len(path) > 1 and path[0] == "rules" and isinstance(path[1], int):
        return _("Rule %(number)s") % {"number": path[1] + 1}
    if len(path) > 1 and path[0] == "tests" and isinstance(path[1], int):
        return _("Test %(number)s") % {"number": path[1] + 1}
    if len(path) > 3 and path[0] == "plans" and isinstance(path[3], int):
        return _("Plan %(name)s, stage %(number)s") % {"name": path[1], "number": path[3] + 1}
    return " › ".join(map(str, path)) if path else _("Policy")


def _label(name: str) -> str:
    return next((str(column.label) for column in _columns() if column.key == name), name)


def _columns() -> Iterator[Column]:
    for columns in (sections.HEAD, sections.RULE, sections.STAGES, sections.BUDGET):
        yield from columns


def status(found: Judged) -> str:
    """Return how far a draft is, in one sentence or two."""
    if not found.source.strip():
        return _("An empty draft. Choose a template, or begin with a name and a title.")
    if is_only_open(found):
        return _("Not complete yet.")
    if found.faults:
        return _("The draft has errors.")
    if found.failing:
        failing = len(found.failing)
        said = ngettext(
            "The draft is valid, but %(count)d test fails.", "The draft is valid, but %(count)d tests fail.", failing
        )
        return said % {"count": failing}
    tests = len(found.document.tests) if found.document else 0
    if not tests:
        return _("The draft is valid. It has no tests yet.")
    if tests == 1:
        return _("The draft is valid, and its test passes.")
    return _("The draft is valid, and all %(count)d tests pass.") % {"count": tests}
