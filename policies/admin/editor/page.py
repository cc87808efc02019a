"""The editor of drafts: forms, tables and text of a document, its errors, and a place to try it.

The page carries all edits; nothing is stored until the draft is saved.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from policies import db
from policies.admin.editor import changes, listing, progress, start, try_it
from policies.admin.editor.cells import name_of, path_of
from policies.admin.editor.changes import PARTS, TEXT
from policies.admin.editor.conditions import condition_form
from policies.admin.editor.draft import Judged, Said, judged
from policies.admin.editor.grids import Shown, shown
from policies.admin.editor.start import Asked
from policies.admin.editor.try_it import Tried
from policies.admin.editor.typed_rows import Rows
from policies.engine.document.parse import FIELDS
from policies.engine.document.source_text import MAX_SOURCE_LENGTH
from policies.engine.document.writer import rewrite
from policies.errors import Refused
from policies.models import Version
from policies.queries import templates, written
from policies.services import versions

LABELS = {
    "about": gettext_lazy("About"),
    "rules": gettext_lazy("Rules"),
    "tables": gettext_lazy("Tables"),
    "plans": gettext_lazy("Plans"),
    "tests": gettext_lazy("Try and test"),
    "text": gettext_lazy("Text"),
}
MAX_REASON_LENGTH = 500


def draft(request: HttpRequest) -> HttpResponse:
    """Show a part of the draft, apply the posted edits, and save the draft if asked to."""
    _check_author(request)
    rows = _rows(request)
    typed = rows.typed
    source, origin, asked = _source(request, rows)
    found = judged(source, written.found_in)
    tried = try_it.tried(found.document, request.user, typed) if {"try", "keep_test"} & set(typed) else None
    if "keep_test" in typed and tried and tried.explanation and found.document:
        body = try_it.with_test(found.document, found.body, tried, typed.get("test_name", ""))
        found = judged(rewrite(found.source, body, FIELDS), written.found_in)
    refusal = ""
    if "keep" in typed and rows.is_incomplete:
        refusal = _("A condition has a row that is not complete. Complete it or remove it.")
    elif "keep" in typed and not found.faults:
        kept = _kept(request, found)
        if isinstance(kept, Version):
            return HttpResponseRedirect(reverse("admin:policies_version_change", args=[kept.pk]))
        refusal = kept
    is_refused = bool(refusal or (found.faults and {"keep", "check"} & set(typed)))
    context = _context(request, found, tried, rows if source == rows.edited else Rows(source, {}))
    context |= {"refusal": refusal, "origin": origin, "asked": asked, "was_sent": bool({"keep", "check"} & set(typed))}
    context["is_changed"] = start.is_changed(found.source, {"origin": origin})
    return TemplateResponse(request, "policies/draft.html", context, status=422 if is_refused else 200)


@require_POST
def check(request: HttpRequest) -> JsonResponse:
    """Return the errors of the edited draft, for the page's script; nothing is stored."""
    _check_author(request)
    found = judged(_rows(request).edited, written.found_in)
    return JsonResponse(
        {
            "faults": [fault.as_json() for fault in found.faults],
            "failing": found.failing,
            "notes": [note.as_json() for note in found.notes],
            "status": progress.status(found),
            "needed": progress.needed(found.faults),
            "is_open": progress.is_only_open(found) or not found.source.strip(),
            "is_good": not found.faults and not found.failing,
        }
    )


def _check_author(request: HttpRequest) -> None:
    if not request.user.has_perm("policies.add_version"):
        raise PermissionDenied


def _rows(request: HttpRequest) -> Rows:
    # Browsers send other line endings than files have; reading stops at the engine's own limit.
    source = request.POST.get("source", "").replace("\r\n", "\n")[: MAX_SOURCE_LENGTH + 1]
    return Rows(source, request.POST.dict())


def _source(request: HttpRequest, rows: Rows) -> tuple[str, str, Asked | None]:
    """Return the draft's text, the name of the text that it started from, and a question before it is replaced."""
    if request.method != "POST":
        source = start.text(request)
        return source, start.origin_of(source), None
    card, origin = start.wanted(rows.sent), rows.sent.get("origin", "")
    if card is None:
        return rows.edited, origin, None
    if "replace_by" not in rows.sent and start.is_changed(rows.edited, rows.sent):
        return rows.edited, origin, start.asked(card, rows.edited)
    source = templates.source(card.name)
    return source, start.origin_of(source), None


def _context(request: HttpRequest, found: Judged, tried: Tried | None, rows: Rows) -> dict[str, Any]:
    part, place = _where(request, found)
    grids = changes.grids(part, found.body, place) if found.can_be_edited else ()
    by_place = found.by_place if {"keep", "check"} & set(request.POST) else _begun(found.by_place)
    tables = [shown(grid, found.body, by_place, rows.build) for grid in grids]
    return {
        **admin.site.each_context(request),
        "title": _("Draft a version"),
        "opts": Version._meta,
        "found": found,
        "status": progress.status(found),
        "is_open": progress.is_only_open(found) or not found.source.strip(),
        "needed": progress.needed(found.faults),
        "is_empty": not found.source.strip(),
        "parts": [(name, LABELS[name], name == part) for name in PARTS],
        "part": part,
        "open": "" if place is None else place,
        "plan_name": _plan_name(found, part, place),
        "grids": tables,
        "facts_open": part == TEXT or _is_any_text(tables),
        "builder_fields": condition_form.options(rows.known) if rows.shown else (),
        "waiting_rows": rows.waiting(),
        "listed": listing.listed(found, part, rows.known if part == "rules" else {}),
        "reason": request.POST.get("reason", "")[:MAX_REASON_LENGTH],
        "cards": start.CARDS,
        "tried": tried,
        "typed": request.POST.dict(),
        **listing.history(request, found, part, is_open=place is not None or part == TEXT),
    }


def _is_any_text(tables: Sequence[Shown]) -> bool:
    """Whether a condition on the page is edited as text, for which its author needs the names of inputs."""
    cells = (cell for table in tables for row in table.rows for cell in row.cells)
    return any(cell.builder is not None and cell.builder.is_text for cell in cells)


def _begun(by_place: Mapping[str, Sequence[Said]]) -> dict[str, list[Said]]:
    """The faults without those of fields that nobody has filled in yet."""
    return {place: [fault for fault in faults if not fault.field] for place, faults in by_place.items()}


def _plan_name(found: Judged, part: str, place: int | None) -> str:
    """The form name of the open plan."""
    plans = found.body.get("plans") if part == "plans" and found.can_be_edited else None
    names = list(plans) if isinstance(plans, Mapping) and place is not None else []
    return name_of(("plans", names[place])) if place is not None and place < len(names) else ""


def _where(request: HttpRequest, found: Judged) -> tuple[str, int | None]:
    """Return the part to show and the rule or test open in it: the button's target, else the same as before."""
    typed = request.POST
    wanted = typed.get("go") or "/".join(filter(None, [typed.get("part", ""), typed.get("open", "")]))
    path = path_of(wanted) if wanted else ("rules" if found.source else "about",)
    part = str(path[0]) if path[0] in PARTS else TEXT
    if not found.can_be_edited:
        return TEXT, None
    pressed = [path_of(typed[button]) for button in ("remove", "up", "down") if button in typed]
    # Removing or moving something inside an open plan keeps the plan open.
    if any(len(path) < 3 for path in pressed):
        return part, None
    if {"add_stage"} & set(typed):
        return part, changes.opened(typed.get("open", ""))
    if "add_plan" in typed and isinstance(found.body.get("plans"), dict):
        return part, len(found.body["plans"]) - 1
    return part, int(path[1]) if len(path) > 1 and isinstance(path[1], int) else None


def _kept(request: HttpRequest, found: Judged) -> Version | str:
    person: Any = request.user
    if found.document is None:
        return _("There is nothing to save yet.")
    try:
        version = versions.draft(
            actor_person=person,
            door="admin",
            name=found.document.name,
            source=found.source,
            at=db.now(),
            reason=request.POST.get("reason", "")[:MAX_REASON_LENGTH],
        )
    except Refused as refusal:
        return refusal.in_words
    messages.success(request, _("Draft saved. It takes effect after a second person approves it."))
    return version
