"""What the decision page's buttons post to; each handler makes one service call and says what came of it."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.admin import onward, review
from approvals.admin.forms.edits import edited
from approvals.admin.forms.fields import PREFIX, REMOVE, paths
from approvals.admin.reading import actor_of
from approvals.admin.review import Draft
from approvals.errors import Malformed, NotAllowed, Refused, SchemaFault, WrongState
from approvals.models import Action
from approvals.queries import reasons
from approvals.queries.actions import summary
from approvals.queries.changes import Change, between, spelled
from approvals.services import decisions, execution, revisions
from approvals.services.contract import database_now
from approvals.states import ActionState, Verdict

VERDICTS: dict[str, Callable[..., Any]] = {
    "approve": decisions.approve,
    "reject": decisions.reject,
    "escalate": decisions.escalate,
}
SAID = {
    "approve": _("Approved: %(what)s"),
    "reject": _("Rejected: %(what)s"),
    "escalate": _("Escalated to a senior: %(what)s"),
    "modify": _("Modified: %(what)s"),
    "passed_on": _("Modified, and waits for somebody who may decide it: %(what)s"),
}


class Unopened(Refused):
    """Parts of this are too long to be shown at once; open each of them before you approve."""

    code = "unopened"


@require_POST
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Approve, reject or escalate what was seen."""
    action = review.seen(request, pk)
    verdict = request.POST.get("verdict", "")
    draft = _draft(request, action)
    if verdict not in VERDICTS:
        return refused(request, action, draft, Malformed(_("Choose one of the buttons.")))
    try:
        _ask_opened(request, action, verdict)
        click = _click(request, pk, draft)
        VERDICTS[verdict](**(_with_target(request, click) if verdict == "approve" else click))
    except Refused as refusal:
        return refused(request, review.seen(request, pk), draft, refusal)
    if request.GET.get("always") == "1":
        messages.success(request, SAID[verdict] % {"what": summary(action)})
        return HttpResponseRedirect(reverse("admin:approvals_action_always", args=[pk]))
    return _onward(request, action, verdict)


@require_POST
def modify(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what an edit changes; once that was confirmed, decide on it."""
    action = review.seen(request, pk)
    draft = _draft(request, action)
    draft.is_editing = True
    try:
        if "payload" in request.POST:
            payload = _confirmed(request)
            if "back" in request.POST:
                draft.typed = _typed_before(request)
                return review.show(request, action, draft)
            decisions.modify(**_with_target(request, _click(request, pk, draft)), payload=payload)
            # Read anew: its sentence may name what was just corrected.
            changed = review.seen(request, pk)
            is_decided = changed.state != ActionState.PENDING
            return _onward(request, changed, "modify" if is_decided else "passed_on")
        return _preview(request, action, draft)
    except SchemaFault as refusal:
        draft.faults = {fault["pointer"]: fault["message"] for fault in refusal.details.get("faults", [])}
        return refused(request, review.seen(request, pk), draft, refusal)
    except Refused as refusal:
        return refused(request, review.seen(request, pk), draft, refusal)


@require_POST
def recall(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Call a granted action back, as long as nothing was sent."""
    action = review.seen(request, pk)
    try:
        decisions.recall(actor=actor_of(request), at=database_now(), action_id=pk)
    except Refused as refusal:
        return refused(request, review.seen(request, pk), Draft(), refusal)
    messages.success(request, _("Called back: %(what)s") % {"what": summary(action)})
    return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[pk]))


@require_POST
def resolve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Settle an execution of which nobody knows whether it happened."""
    review.seen(request, pk)
    draft = Draft(request.POST.get("rationale", ""))
    try:
        execution.resolve(
            actor=actor_of(request),
            at=database_now(),
            action_id=pk,
            outcome=request.POST.get("outcome", ""),
            rationale=draft.rationale,
        )
    except Refused as refusal:
        return refused(request, review.seen(request, pk), draft, refusal)
    return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[pk]))


def _draft(request: HttpRequest, action: Action) -> Draft:
    """What was written; where that is nothing but a reason was chosen, its words."""
    written, code = request.POST.get("rationale", ""), request.POST.get("reason_code", "")
    return Draft(written if written.strip() else reasons.words(action.action_type, code), code)


def _click(request: HttpRequest, pk: uuid.UUID, draft: Draft) -> dict[str, Any]:
    """What every decision names: who, when, and the revision and digest that were on the screen."""
    number = request.POST.get("revision", "")
    return {
        "actor": actor_of(request),
        "at": database_now(),
        "action_id": pk,
        "revision": int(number) if number.isdecimal() and len(number) < 6 else 0,
        "digest": request.POST.get("digest", ""),
        "rationale": draft.rationale,
        "reason_code": draft.reason_code,
    }


def _with_target(request: HttpRequest, click: dict[str, Any]) -> dict[str, Any]:
    """What lets an action run names how it would be carried out, too."""
    return click | {"target": request.POST.get("target", "")}


def _ask_opened(request: HttpRequest, action: Action, verdict: str) -> None:
    if verdict != "approve":
        return
    opened = set(request.POST.getlist("opened"))
    fields = review.walk(review.fields_of(action, Draft()))
    if any(field.must_open and field.pointer not in opened for field in fields):
        raise Unopened(_("Parts of this are too long to be shown at once; open each of them before you approve."))


def _preview(request: HttpRequest, action: Action, draft: Draft) -> HttpResponse:
    """The from-to page of an edit; nothing is changed yet."""
    draft.typed = {name: str(text) for name, text in request.POST.items() if name.startswith((PREFIX, REMOVE))}
    before = action.revision.payload
    after, draft.faults = edited(before, review.fields_of(action, draft), draft.typed)
    if draft.faults:
        return refused(request, action, draft, SchemaFault(_("Some values could not be read; see the fields marked.")))
    revisions.check_schema(action.action_type, after)
    changes = list(between(before, after))
    if not changes:
        return refused(request, action, draft, Malformed(_("Nothing was changed; change a value, or approve it.")))
    return _diff_page(request, action, draft, after, changes)


def _diff_page(
    request: HttpRequest, action: Action, draft: Draft, after: dict[str, Any], changes: list[Change]
) -> HttpResponse:
    ruling = action.ruling.content if action.ruling else None
    labels = paths(review.fields_of(action, draft))
    context = {
        **admin.site.each_context(request),
        "title": _("Confirm the changes"),
        "action": action,
        "draft": draft,
        "rows": [(labels.get(each.pointer, each.pointer), each) for change in changes for each in spelled(change)],
        "payload": json.dumps(after, ensure_ascii=False),
        "typed": json.dumps(draft.typed, ensure_ascii=False),
        "revision": request.POST.get("revision", ""),
        "digest": request.POST.get("digest", ""),
        "target": request.POST.get("target", ""),
        "reasons": reasons.offered(action.action_type, ruling, [Verdict.MODIFY]),
        "needs_rationale": bool(ruling and ruling["requires_rationale"]),
    }
    return TemplateResponse(request, "review/diff.html", context)


def _confirmed(request: HttpRequest) -> dict[str, Any]:
    try:
        payload = json.loads(request.POST["payload"])
    except (ValueError, RecursionError) as error:
        raise Malformed(_("The edited payload did not arrive whole; edit it again.")) from error
    if not isinstance(payload, dict):
        raise Malformed(_("The edited payload did not arrive whole; edit it again."))
    return payload


def _typed_before(request: HttpRequest) -> dict[str, str]:
    """What was typed before the diff was shown, so that going back loses nothing."""
    try:
        typed = json.loads(request.POST.get("typed", "{}"))
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(text) for name, text in typed.items()} if isinstance(typed, dict) else {}


def _onward(request: HttpRequest, action: Action, verdict: str) -> HttpResponse:
    """To the next item at once, with a word on what was done."""
    messages.success(request, SAID[verdict] % {"what": summary(action)})
    return onward.after(request, action)


def refused(request: HttpRequest, action: Action, draft: Draft, refusal: Refused) -> HttpResponse:
    """The page again, with what was typed and the sentence that says why it was not taken."""
    draft.refusal = refusal
    status = 403 if isinstance(refusal, NotAllowed) else 409 if isinstance(refusal, WrongState) else 422
    if refusal.code == "stale_revision":
        status = 409
    return review.show(request, action, draft, status)
