"""The tour for new reviewers: an example to practice on, of which nothing is real and nothing is ever recorded."""

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
from approvals.db import database_now
from approvals.models import Decision, Person
from approvals.services.accounts import preferences

STEPS = {
    "inbox": gettext_lazy("What waits for you"),
    "why": gettext_lazy("Why it came to you"),
    "values": gettext_lazy("What would happen, value by value"),
    "words": gettext_lazy("The agent's words are not ours"),
    "keys": gettext_lazy("A routine one takes one key"),
    "colleagues": gettext_lazy("Take back, hand on, leave for later"),
    "many": gettext_lazy("Several alike, and what runs by itself"),
    "help": gettext_lazy("When you are unsure"),
}
KEYS = {
    "approve": ("a", gettext_lazy("Approve")),
    "modify": ("m", gettext_lazy("Modify")),
    "reject": ("r", gettext_lazy("Reject")),
    "escalate": ("e", gettext_lazy("Escalate")),
    "ask": ("i", gettext_lazy("Ask")),
}
# What a key would have done with the example of each step where keys are practiced.
SAID = {
    "values": {
        "approve": gettext_lazy("It would be paid to an account that this supplier never had: look at the marks."),
        "modify": gettext_lazy("You could put the usual account back; but why did it change? Better reject or ask."),
        "reject": gettext_lazy("Right: it would never run, and the agent would read your reason."),
        "escalate": gettext_lazy("A senior would decide. When in doubt, that is never wrong."),
        "ask": gettext_lazy("The agent would have to say where the account comes from, and it waits for you."),
    },
    "words": {
        "approve": gettext_lazy("Nobody has approved it; the sentence is the agent's. History says who decided."),
        "modify": gettext_lazy("The values are fine here; it is the words that want to push you."),
        "reject": gettext_lazy("Right: nothing in the dashed frame decides, whatever it says."),
        "escalate": gettext_lazy("A senior would decide. When in doubt, that is never wrong."),
        "ask": gettext_lazy("You could ask; but an answer would be the agent's own words again."),
    },
    "keys": {
        "approve": gettext_lazy("Approved: it would run exactly as shown, and the next one would be here at once."),
        "modify": gettext_lazy("The values would open in place; each change is shown before you confirm it."),
        "reject": gettext_lazy("Rejected: it would never run. With w you first write the reason that the agent reads."),
        "escalate": gettext_lazy("Escalated: a senior would decide, and the next one would be here at once."),
        "ask": gettext_lazy("You would write a question; the answer shows on the page, and you get a mail."),
    },
    "colleagues": {"undo": gettext_lazy("Taken back: it would wait again, and the record keeps both.")},
}  # fmt: skip
USUAL_ACCOUNT, OTHER_ACCOUNT = "NL91ABNA0417164300", "GB29NWBK60161331926819"


def show(request: HttpRequest, name: str = "inbox") -> HttpResponse:
    """One step; what a key would have done is said, and nothing is done."""
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
    """The person has taken the tour, or does not want it; it is not offered again."""
    preferences.end_tour(actor=actor_of(request), at=database_now())
    return HttpResponseRedirect(reverse("admin:inbox"))


def is_offered(request: HttpRequest) -> bool:
    """Whether the home page offers the tour: to whoever never decided, until she has taken or declined it."""
    person: Person = person_of(request)
    return person.toured_at is None and not Decision.objects.filter(person=person).exists()


def _example(is_bad: bool) -> tuple[Field, ...]:
    """The example's values, drawn as on a decision page; a bad one goes to another account."""
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
    said = _("Differs from the last %(count)d actions for %(subject)s, which all had %(usual)s.")
    mark = Mark("unusual", said % {"count": 6, "subject": "Paper Mill", "usual": USUAL_ACCOUNT})
    marks = {"/iban": [mark]} if is_bad else {}
    return Reading({"type": "object", "properties": properties}, marks, "/amount", currency="/currency").fields(payload)
