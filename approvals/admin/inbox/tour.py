"""The tour for new reviewers: practice examples that are never stored or recorded."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from approvals.admin.base.model_admin import actor_of, person_of
from approvals.admin.payload_form.fields import Field, Mark
from approvals.admin.payload_form.layout import Reading
from approvals.models import Decision, Person
from approvals.services.accounts import preferences
from policies import db

STEPS = {
    "inbox": gettext_lazy("Your inbox"),
    "why": gettext_lazy("Reasons for review"),
    "values": gettext_lazy("The proposed values"),
    "words": gettext_lazy("Agent text is not verified"),
    "keys": gettext_lazy("Decide on routine actions with one key"),
    "colleagues": gettext_lazy("Undo, hand over, or skip"),
    "many": gettext_lazy("Bulk decisions and automatic runs"),
    "help": gettext_lazy("When you are unsure"),
}
KEYS = {
    "approve": ("a", gettext_lazy("Approve")),
    "modify": ("m", gettext_lazy("Modify")),
    "reject": ("r", gettext_lazy("Reject")),
    "escalate": ("e", gettext_lazy("Escalate")),
    "ask": ("i", gettext_lazy("Ask")),
}
# The explanation for each practice key, by step.
SAID = {
    "values": {
        "approve": gettext_lazy(
            "The payment would go to an account that this supplier has never used. Check the marked values."
        ),
        "modify": gettext_lazy(
            "You could restore the usual account, but you don’t know why it changed. Reject the action, or ask the "
            "agent why."
        ),
        "reject": gettext_lazy("Correct. The action would not run, and the agent would receive your reason."),
        "escalate": gettext_lazy(
            "A senior reviewer would decide. If you are in doubt, it is always safe to escalate."
        ),
        "ask": gettext_lazy("The agent would have to explain the new account, and the action would stay pending."),
    },
    "words": {
        "approve": gettext_lazy(
            "Nobody approved this action. The agent wrote that sentence. Only the history shows who approved an action."
        ),
        "modify": gettext_lazy("The values are correct. The problem is the text, which tries to pressure you."),
        "reject": gettext_lazy("Correct. Text in the dashed frame cannot approve an action."),
        "escalate": gettext_lazy(
            "A senior reviewer would decide. If you are in doubt, it is always safe to escalate."
        ),
        "ask": gettext_lazy("You could ask, but the answer would also be unverified agent text."),
    },
    "keys": {
        "approve": gettext_lazy("Approved. The action would run exactly as shown, and the next action would open."),
        "modify": gettext_lazy("You could edit the values here and review all changes before confirming them."),
        "reject": gettext_lazy("Rejected. The action would not run. To give the agent a reason, press w before you "
                               "reject."),
        "escalate": gettext_lazy("Escalated. A senior reviewer would decide, and the next action would open."),
        "ask": gettext_lazy(
            "You would write a question. The answer would appear on the page, and you would get an email."
        ),
    },
    "colleagues": {"undo": gettext_lazy(
        "Undone. The action would be pending again, and the history would show both steps."
    )},
}  # fmt: skip
USUAL_ACCOUNT, OTHER_ACCOUNT = "NL91ABNA0417164300", "GB29NWBK60161331926819"


def show(request: HttpRequest, name: str = "inbox") -> HttpResponse:
    """Show one step; pressed keys are explained and change nothing."""
    if name not in STEPS:
        raise Http404
    names = list(STEPS)
    place = names.index(name)
    context = {
        **admin.site.each_context(request),
        "title": STEPS[name],
        "name": name,
        "template": f"inbox/tour/{name}.html",
        "number": place + 1,
        "count": len(names),
        "before": names[place - 1] if place else "",
        "after": names[place + 1] if place + 1 < len(names) else "",
        "keys": KEYS if "approve" in SAID.get(name, {}) else {},
        "said": SAID.get(name, {}).get(request.GET.get("said", ""), ""),
        "fields": _example(is_bad=name == "values"),
    }
    return TemplateResponse(request, "inbox/tour/page.html", context)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Mark the tour as taken or dismissed."""
    preferences.end_tour(actor=actor_of(request), at=db.now())
    return HttpResponseRedirect(reverse("admin:inbox"))


def is_offered(request: HttpRequest) -> bool:
    """Whether to offer the tour: only to people who never decided, took or dismissed it."""
    person: Person = person_of(request)
    return person.toured_at is None and not Decision.objects.filter(person=person).exists()


def _example(is_bad: bool) -> tuple[Field, ...]:
    """Example values rendered as on the review page; a bad one uses another account."""
    titles = {
        "issuer": _("Issuer"),
        "amount": _("Amount"),
        "currency": _("Currency"),
        "invoice_number": _("Invoice number"),
        "iban": _("IBAN"),
    }
    properties: dict[str, Any] = {key: {"type": "string", "title": title} for key, title in titles.items()}
    properties["amount"]["type"] = "number"
    payload = {
        "issuer": "Paper Mill",
        "amount": 717.97,
        "currency": "EUR",
        "invoice_number": "20441",
        "iban": OTHER_ACCOUNT if is_bad else USUAL_ACCOUNT,
    }
    said = _("Differs from the last %(count)d actions for %(subject)s, which all had the value %(usual)s.")
    mark = Mark("unusual", said % {"count": 6, "subject": "Paper Mill", "usual": USUAL_ACCOUNT})
    marks = {"/iban": [mark]} if is_bad else {}
    return Reading({"type": "object", "properties": properties}, marks, "/amount", currency="/currency").fields(payload)
