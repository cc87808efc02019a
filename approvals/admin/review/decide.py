"""Handlers of the review page's buttons; each makes one service call and reports the result."""

import json
import uuid
from collections.abc import Callable, Mapping
from copy import copy
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.admin.base.model_admin import actor_of
from approvals.admin.base.post_only import pressed
from approvals.admin.payload_form.edits import edited, touched
from approvals.admin.payload_form.fields import PREFIX, REMOVE, paths
from approvals.admin.payload_form.schema import name_of
from approvals.admin.review import ending, next_item, page, twins
from approvals.admin.review.page import Draft
from approvals.authority.visibility import summary
from approvals.display.fragments import faults_in_words, in_a_sentence, named_anomaly
from approvals.errors import Malformed, NotAllowed, SchemaFault, StaleRevision, WrongState
from approvals.models import Action, Revision
from approvals.queries.insight import reason_codes
from approvals.queries.record.plans import plan_of
from approvals.services.decisions import bulk, offers, revise
from approvals.services.decisions import decide as decisions
from approvals.services.decisions import undo as undoing
from approvals.services.decisions.revise import Foreseen
from approvals.services.ends import cancel as canceling
from approvals.services.ends import early
from approvals.services.execution import resolve as execution
from approvals.states import ActionState, DecisionType
from approvals.text.json_diff import ABSENT, Change, between, spelled
from policies import db
from policies.errors import Refused

VERDICTS: dict[str, Callable[..., Any]] = {
    "approve": decisions.approve,
    "reject": decisions.reject,
    "escalate": decisions.escalate,
}
SAID = {
    "approve": gettext_lazy("Approved: %(what)s"),
    "reject": gettext_lazy("Rejected: %(what)s"),
    "escalate": gettext_lazy("Escalated to a senior reviewer: %(what)s"),
    "modify": gettext_lazy("Modified: %(what)s"),
    "passed_on": gettext_lazy("Modified and sent to another reviewer: %(what)s"),
}


class Unopened(Refused):
    """A long field was not opened before approval."""

    code = "unopened"


@pressed
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Approve, reject or escalate the revision that was shown."""
    action = page.seen(request, pk)
    verdict = request.POST.get("verdict", "")
    draft = _draft(request, action)
    if verdict not in VERDICTS:
        return refused(
            request, action, draft, Malformed(_("No choice was submitted. Use one of the buttons on the page."))
        )
    try:
        _ask_opened(request, action, verdict)
        click = _click(request, pk, draft)
        VERDICTS[verdict](**(_with_target(request, click) if verdict == "approve" else click))
    except Refused as refusal:
        return refused(request, page.seen(request, pk), draft, refusal)
    if request.GET.get("always") == "1":
        messages.success(request, in_a_sentence(SAID[verdict], what=summary(action)))
        return HttpResponseRedirect(reverse("admin:approvals_action_always", args=[pk]))
    return _onward(request, action, verdict)


@pressed
def approve_one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Approve the revision that was shown and reject the chosen twins; each refusal is named."""
    action = page.seen(request, pk)
    draft = _draft(request, action)
    draft.twins = twins.ticked(request)
    try:
        _ask_opened(request, action, "approve")
        items = twins.chosen(request)
        results = bulk.approve_one(**_with_target(request, _click(request, pk, draft)), clock=db.now, twins=items)
    except Refused as refusal:
        return refused(request, page.seen(request, pk), draft, refusal)
    twins.tell(request, results)
    return _onward(request, action, "approve")


@pressed
def modify(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the changes of an edit; decide once they are confirmed."""
    action = page.seen(request, pk)
    draft = _draft(request, action)
    draft.is_editing, draft.typed = True, _typed(request)
    try:
        _ask_fresh(request, action)
        if "payload" in request.POST:
            if "back" in request.POST:
                return page.show(request, action, draft)
            payload = _confirmed(request)
            until = ending.typed(request, action.until)
            decisions.modify(**_with_target(request, _click(request, pk, draft)), payload=payload, until=until)
            # Reload the action, because its sentence can contain the corrected values.
            changed = page.seen(request, pk)
            is_decided = changed.state != ActionState.PENDING
            return _onward(request, changed, "modify" if is_decided else "passed_on")
        return _preview(request, action, draft)
    except SchemaFault as refusal:
        draft.faults = faults_in_words(refusal)
        return refused(request, page.seen(request, pk), draft, refusal)
    except StaleRevision as refusal:
        draft.typed = _touched(request, action, draft.typed)
        return refused(request, page.seen(request, pk), draft, refusal)
    except Refused as refusal:
        return refused(request, page.seen(request, pk), draft, refusal)


@pressed
def undo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Undo the last decision before anything follows from it."""
    action = page.seen(request, pk)
    draft = Draft(request.POST.get("rationale", ""))
    try:
        undoing.undo(actor=actor_of(request), at=db.now(), action_id=pk, rationale=draft.rationale)
    except Refused as refusal:
        return refused(request, page.seen(request, pk), draft, refusal)
    messages.success(request, in_a_sentence(_("Undone: %(what)s"), what=summary(action)))
    return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[pk]))


@pressed
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End the effect of an executed action now."""
    action = page.seen(request, pk)
    draft = Draft(request.POST.get("rationale", ""))
    try:
        early.end(actor=actor_of(request), at=db.now(), action_id=pk, rationale=draft.rationale)
    except Refused as refusal:
        return refused(request, page.seen(request, pk), draft, refusal)
    messages.success(request, in_a_sentence(_("Being ended: %(what)s"), what=summary(action)))
    return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[pk]))


@pressed
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask to cancel an action that is being executed."""
    page.seen(request, pk)
    draft = Draft(request.POST.get("rationale", ""))
    try:
        action = canceling.ask(actor=actor_of(request), at=db.now(), action_id=pk, rationale=draft.rationale)
    except Refused as refusal:
        return refused(request, page.seen(request, pk), draft, refusal)
    said = _("Requested to cancel: %(what)s") if action.state == ActionState.EXECUTING else _("Canceled: %(what)s")
    messages.success(request, in_a_sentence(said, what=summary(action)))
    return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[pk]))


@pressed
def resolve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Resolve an execution with an unknown result."""
    page.seen(request, pk)
    draft = Draft(request.POST.get("rationale", ""))
    try:
        execution.resolve(
            actor=actor_of(request),
            at=db.now(),
            action_id=pk,
            resolution=request.POST.get("resolution", ""),
            rationale=draft.rationale,
        )
    except Refused as refusal:
        return refused(request, page.seen(request, pk), draft, refusal)
    return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[pk]))


def _draft(request: HttpRequest, action: Action) -> Draft:
    """The entered reason, or the text of the selected predefined reason."""
    written, code = request.POST.get("rationale", ""), request.POST.get("reason_code", "")
    words = written if written.strip() else reason_codes.words(action.action_type, code)
    return Draft(words, code, opened=tuple(request.POST.getlist("opened")))


def _click(request: HttpRequest, pk: uuid.UUID, draft: Draft) -> dict[str, Any]:
    """The data of every decision: person, time, revision and digest shown on screen."""
    number = request.POST.get("revision", "")
    return {
        "actor": actor_of(request),
        "at": db.now(),
        "action_id": pk,
        "revision": int(number) if number.isdecimal() and len(number) < 6 else 0,
        "digest": request.POST.get("digest", ""),
        "rationale": draft.rationale,
        "reason_code": draft.reason_code,
    }


def _with_target(request: HttpRequest, click: dict[str, Any]) -> dict[str, Any]:
    """Add the execution target that was shown, for decisions that let the action run."""
    return click | {"target": request.POST.get("target", "")}


def _ask_opened(request: HttpRequest, action: Action, verdict: str) -> None:
    if verdict != "approve":
        return
    opened = set(request.POST.getlist("opened"))
    fields = page.walk(page.fields_of(action, Draft()))
    if any(field.must_open and field.pointer not in opened for field in fields):
        raise Unopened(_("Some long fields are collapsed. Open each field before approving."))


def _ask_fresh(request: HttpRequest, action: Action) -> None:
    """Refuse an edit of an older revision, because its form may hide the agent's corrections."""
    if action.state == ActionState.PENDING and request.POST.get("digest", "") != action.revision.digest:
        raise StaleRevision(revision=action.revision.number, digest=action.revision.digest)


def _touched(request: HttpRequest, action: Action, typed: dict[str, str]) -> dict[str, str]:
    """The fields that the person changed since the form's revision; all others are current."""
    former = Revision.objects.filter(action=action, digest=request.POST.get("digest", "")).first()
    if former is None:
        return {}
    before = copy(action)
    before.revision = former
    return touched(page.fields_of(before, Draft(is_editing=True, typed=typed)), typed)


def _preview(request: HttpRequest, action: Action, draft: Draft) -> HttpResponse:
    """The confirmation page of an edit; nothing is changed yet, and nothing is shown that could not be confirmed."""
    if refusal := offers.refusal_to_modify(actor_of(request), timezone.now(), action, plan_of(action)):
        raise refusal
    before = action.revision.payload
    after, draft.faults = edited(before, page.fields_of(action, draft), draft.typed)
    if draft.faults:
        return refused(request, action, draft, SchemaFault(_("Some values are invalid. Check the marked fields.")))
    until = ending.typed(request, action.until)
    changes = list(between(before, after))
    if not changes and until is None:
        return refused(
            request,
            action,
            draft,
            Malformed(_("You have not changed anything. Change a value, or approve the action.")),
        )
    foreseen = revise.foresee(action, after, db.now(), until)
    context = _diff(request, action, draft, changes, foreseen)
    if until is not None:
        context["rows"] += [(_("Until"), Change("", ending.said(action.until) or ABSENT, ending.said(until)))]
        context["until"] = until.isoformat()
    context["payload"] = json.dumps(after, ensure_ascii=False)
    return TemplateResponse(request, "review/diff.html", context)


def _diff(
    request: HttpRequest, action: Action, draft: Draft, changes: list[Change], foreseen: Foreseen
) -> dict[str, Any]:
    """Template context of the confirmation page."""
    evaluation = action.evaluation.content if action.evaluation else None
    labels = paths(page.fields_of(action, draft))
    return {
        **admin.site.each_context(request),
        "title": _("Confirm changes"),
        "action": action,
        "draft": draft,
        "rows": [(labels.get(each.pointer, each.pointer), each) for change in changes for each in spelled(change)],
        "foreseen": foreseen,
        "oddities": [_oddity(flag.as_json(), action.action_type.schema) for flag in foreseen.flags],
        "typed": json.dumps(draft.typed, ensure_ascii=False),
        "revision": request.POST.get("revision", ""),
        "digest": request.POST.get("digest", ""),
        "target": request.POST.get("target", ""),
        "reasons": reason_codes.offered(action.action_type, evaluation, [DecisionType.MODIFY]),
        "needs_rationale": foreseen.needs_rationale,
    }


def _oddity(flag: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    return named_anomaly(flag, name_of(str(flag["pointer"]), schema))


def _confirmed(request: HttpRequest) -> dict[str, Any]:
    try:
        payload = json.loads(request.POST["payload"])
    except (ValueError, RecursionError) as error:
        raise Malformed(_("Some of your edits were not received. Edit the action again.")) from error
    if not isinstance(payload, dict):
        raise Malformed(_("Some of your edits were not received. Edit the action again."))
    return payload


def _typed(request: HttpRequest) -> dict[str, str]:
    """The entered form data, carried along by the confirmation page."""
    if "payload" not in request.POST:
        return {name: str(text) for name, text in request.POST.items() if name.startswith((PREFIX, REMOVE))}
    try:
        typed = json.loads(request.POST.get("typed", "{}"))
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(text) for name, text in typed.items()} if isinstance(typed, dict) else {}


def _onward(request: HttpRequest, action: Action, verdict: str) -> HttpResponse:
    """Go to the next item with a message about the decision."""
    messages.success(request, in_a_sentence(SAID[verdict], what=summary(action)))
    if verdict != "escalate":
        twins.remind(request, action)
    return next_item.after(request, action)


def refused(request: HttpRequest, action: Action, draft: Draft, refusal: Refused) -> HttpResponse:
    """Show the page again with the entered data and the refusal."""
    draft.refusal = refusal
    status = 403 if isinstance(refusal, NotAllowed) else 409 if isinstance(refusal, WrongState | StaleRevision) else 422
    return page.show(request, action, draft, status)
