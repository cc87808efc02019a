"""The pages: what is typed goes along in each, and only the last one saves anything."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.admin.base import ledger_admin
from approvals.admin.base.model_admin import actor_of, person_of
from approvals.admin.setup.new_kind import preview, state
from approvals.admin.setup.new_kind.steps import MADE_OF, NAMES, STEPS, Steps
from approvals.queries.safety import installation
from approvals.services.catalog import gathering, own_agents
from approvals.services.catalog.kinds import gallery
from approvals.services.configuration import new_kind
from approvals.services.configuration.new_kind import NewKind
from approvals.services.intake import publish_policy
from policies import db
from policies.errors import Refused

ADD, WRITE = "approvals.add_actiontype", "policies.add_version"


def show(request: HttpRequest) -> HttpResponse:
    """Show the page that was asked for, or the one that needs a correction; the last one creates."""
    person = person_of(request)
    if not person.has_perm(ADD):
        raise PermissionDenied
    step = request.POST.get("step", "")
    if request.method != "POST" or step not in NAMES:
        return _page(request, _steps(request, {}), "start")
    typed = state.read(request) | {step: state.of_page(request)}
    steps, go = _steps(request, typed), request.POST.get("go", "next")
    if go == "back":
        return _shown(request, steps, NAMES[max(NAMES.index(step) - 1, 0)])
    if step == "check":
        return _create(request, steps) if go == "create" else _shown(request, steps, "check")
    if steps.first_invalid(step) is None and not steps.form(step).is_valid():
        return _page(request, steps, step, status=422)
    return _shown(request, steps, NAMES[NAMES.index(step) + 1])


def _steps(request: HttpRequest, typed: state.Typed) -> Steps:
    """During the set-up, an administrator writes the first policies alone."""
    person = person_of(request)
    return Steps(typed, person, person.has_perm(WRITE) or not installation.is_live())


def _shown(request: HttpRequest, steps: Steps, step: str) -> HttpResponse:
    """A page, or the first before it that is not as it must be."""
    faulty = steps.first_invalid(step)
    return _page(request, steps, faulty or step, status=422 if faulty else 200)


def _page(request: HttpRequest, steps: Steps, step: str, status: int = 200, refusal: str = "") -> HttpResponse:
    number = NAMES.index(step) + 1
    context = {
        **admin.site.each_context(request),
        "title": _("New action type"),
        "step": step,
        "heading": STEPS[step],
        "number": number,
        "count": len(NAMES),
        "template": f"setup/new_kind/{step}.html",
        "form": steps.form(step),
        "state": state.written({name: typed for name, typed in steps.typed.items() if name != step}),
        "refusal": refusal,
        "is_live": installation.is_live(),
        **_of_step(request, steps, step),
    }
    return TemplateResponse(request, "setup/new_kind/page.html", context, status=status)


def _of_step(request: HttpRequest, steps: Steps, step: str) -> dict[str, Any]:
    if step == "start":
        return {"cards": gallery.cards(), "chosen": steps.start["card"].value() or ""}
    if step == "fields":
        return {"made_of": (MADE_OF, steps.made_of)}
    if step == "check":
        made, text = steps.finished
        shown = preview.of(steps, request.POST.get("amount", ""))
        wanted = steps.wanted()
        refusal = own_agents.refusal_for(wanted.kind, person_of(request)) if not wanted.desk._state.adding else None
        about = {"made": made, "policy_text": text, "desk": wanted.desk, "shown": shown}
        return about | preview.page_of(shown) | {"barred": refusal.in_words if refusal else ""}
    return {}


def _create(request: HttpRequest, steps: Steps) -> HttpResponse:
    faulty = steps.first_invalid("check")
    if faulty is not None:
        return _page(request, steps, faulty, status=422)
    wanted = steps.wanted()
    try:
        if installation.is_live():
            return _request(request, wanted)
        kind = new_kind.set_up(actor=actor_of(request), at=db.now(), wanted=wanted)
    except Refused as refusal:
        return _page(request, steps, "check", status=422, refusal=refusal.in_words)
    messages.success(request, _("Created. Now connect an agent."))
    return HttpResponseRedirect(reverse("admin:connect", args=[kind.name]))


def _request(request: HttpRequest, wanted: NewKind) -> HttpResponse:
    """Once the installation is live: the kind as one change, and its policy as a publication; a second person decides.

    Until its policy is in force, every action of a kind waits for a person, so the order does not matter.
    """
    actor, at = actor_of(request), db.now()
    answer: HttpResponse = HttpResponseRedirect(reverse("admin:connect", args=[wanted.kind.name]))
    try:
        with gathering.one_change():
            new_kind.add(actor=actor, wanted=wanted)
        messages.success(request, _("Created. Now connect an agent."))
    except gathering.WaitsForApproval as waiting:
        answer = ledger_admin.ask(request, waiting.change)
    if wanted.policy:
        version = new_kind.draft_policy(actor=actor, at=at, wanted=wanted)
        publish_policy.request(actor=actor, at=at, version_id=version.pk)
        messages.success(request, _("Publication of the policy requested. A second person decides on it."))
    return answer
