"""Connecting an agent to an action type: the agent and its key in one form, then the first call."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.admin.base.model_admin import actor_of, person_of
from approvals.admin.setup.new_kind import first_call
from approvals.models import ActionType, Agent, ApiKey, Person
from approvals.models.action_types import BUILT_IN
from approvals.services.accounts import api_keys
from approvals.services.catalog import gathering, own_agents, rows
from approvals.services.catalog.kinds import sketch
from policies import db
from policies.errors import Refused

NEW = "new"
MAX_LISTED = 200
ADD_AGENT, ADD_KEY = "approvals.add_agent", "approvals.add_apikey"


class Connecting(forms.Form):
    """An agent, new or known, and who owns it."""

    agent = forms.ChoiceField(label=gettext_lazy("Agent"), initial=NEW)
    title = forms.CharField(label=gettext_lazy("Name of the new agent"), max_length=120, required=False)
    owner = forms.ModelChoiceField(Person.objects.none(), label=gettext_lazy("Owner of the new agent"), required=False)

    def __init__(self, data: Any, kind: ActionType, asker: Person) -> None:
        super().__init__(data)
        self.kind, self.asker = kind, asker
        self.is_barred = refusal_for(kind, Agent(title="…", owner=asker), asker) is not None
        chosen: Any = self.fields
        chosen["agent"].choices = list(self._agents())
        chosen["title"].initial = _("Agent for “%(title)s”") % {"title": kind.title[:80]}
        chosen["owner"].queryset = Person.objects.filter(is_active=True, is_staff=True).order_by(
            "last_name", "username"
        )
        chosen["owner"].initial = None if self.is_barred else asker.pk
        chosen["owner"].help_text = _(
            "The owner looks after the agent and holds its key. They cannot have changed this action type lately."
        )
        if not asker.has_perm(ADD_AGENT):
            del chosen["title"], chosen["owner"]
            chosen["agent"].initial = None

    def _agents(self) -> Iterator[tuple[str, str]]:
        known = Agent.objects.filter(is_active=True, person__isnull=True)
        if self.asker.has_perm(ADD_AGENT):
            yield NEW, _("a new agent")
        else:
            known = known.filter(owner=self.asker)
        yield from ((str(agent.pk), agent.title) for agent in known.order_by("title")[:MAX_LISTED])

    def clean(self) -> dict[str, Any]:
        """A new agent needs a name and an owner."""
        data = super().clean() or {}
        if data.get("agent") == NEW:
            for name in ("title", "owner"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("This is needed for a new agent."))
        return data

    def made(self) -> Agent:
        """The agent; a new one is not saved."""
        data = self.cleaned_data
        if data["agent"] != NEW:
            return Agent.objects.select_related("owner").get(pk=data["agent"])
        taken = frozenset(Agent.objects.values_list("name", flat=True))
        name = sketch.free_name(sketch.plain_name(data["title"]).replace("_", "-"), taken)
        return Agent(name=name, title=data["title"], owner=data["owner"])


def scopes_for(kind: ActionType) -> list[str]:
    """What a key needs to propose this action type and follow it to its end."""
    return [f"propose:{kind.name}", *sorted(api_keys.AGENT_SCOPES)]


def refusal_for(kind: ActionType, agent: Agent, holder: Person) -> Refused | None:
    """Why this person may not hold a key of this agent for this action type, or None."""
    people = {person.pk: person for person in (holder, agent.owner)}
    return own_agents.refusal_for_key(agent, list(people.values()), scopes_for(kind))


def is_open_to(person: Person) -> bool:
    """Whether this person may connect an agent: any, or one of their own."""
    return person.has_perm(ADD_AGENT) or person.has_perm(ADD_KEY) or Agent.objects.filter(owner=person).exists()


def show(request: HttpRequest, name: str) -> HttpResponse:
    """The form; once the agent has a key, whether its first call has arrived."""
    person = person_of(request)
    if not is_open_to(person):
        raise PermissionDenied
    kind = _kind(name)
    form = Connecting(request.POST or None, kind, person)
    issued, refusal = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            agent, issued = _connected(request, kind, form.made())
        except Refused as error:
            refusal = error.in_words
        else:
            if issued is None:
                return HttpResponseRedirect(f"{reverse('admin:connect', args=[name])}?agent={agent.pk}")
    answer = TemplateResponse(
        request,
        "setup/connect.html",
        {
            **admin.site.each_context(request),
            "title": _("Connect an agent"),
            "kind": kind,
            "form": form,
            "refusal": refusal,
            "issued": issued,
            **_progress(request, kind, issued),
        },
        status=422 if form.errors or refusal else 200,
    )
    answer["Cache-Control"] = "no-store"
    return answer


def arrived(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Whether the first call has arrived, for the page's script."""
    kind, agent = _kind(name), Agent.objects.filter(pk=pk).first()
    if agent is None or not _follows(request, agent):
        raise Http404
    has_come, address = first_call.arrived(request, kind, agent)
    return JsonResponse({"has_come": has_come, "address": address})


def _kind(name: str) -> ActionType:
    kind = ActionType.objects.select_related("desk").filter(name=name).exclude(name__in=BUILT_IN).first()
    if kind is None:
        raise Http404(_("This action type does not exist yet. Perhaps a second person must still approve it."))
    return kind


def _follows(request: HttpRequest, agent: Agent) -> bool:
    person = person_of(request)
    return person.has_perm(ADD_AGENT) or person.has_perm(ADD_KEY) or agent.owner_id == person.pk


def _connected(request: HttpRequest, kind: ActionType, agent: Agent) -> tuple[Agent, api_keys.Issued | None]:
    """The saved agent, and its key where this person may hold it.

    :raises Refused: the agent cannot be saved, or the key cannot be issued.
    """
    person, actor = person_of(request), actor_of(request)
    if agent._state.adding:
        with gathering.one_change():
            rows.save(agent, actor, [], is_new=True)
    refusal = refusal_for(kind, agent, person)
    if refusal is not None or not (agent.owner_id == person.pk or person.has_perm(ADD_KEY)):
        if agent.owner_id == person.pk and refusal is not None:
            raise refusal
        messages.success(request, _("Agent ready. Its owner issues the key."))
        return agent, None
    issued = api_keys.issue(actor=actor, at=db.now(), agent=agent, scopes=scopes_for(kind), label=kind.title[:120])
    return agent, issued


def _progress(request: HttpRequest, kind: ActionType, issued: api_keys.Issued | None) -> dict[str, Any]:
    """How far an agent is: without a key, waiting for its first call, or connected."""
    agent = issued.key.agent if issued else _asked(request)
    if agent is None or not _follows(request, agent):
        return {}
    has_key = ApiKey.objects.filter(agent=agent, revoked_at__isnull=True).exists()
    has_come, address = first_call.arrived(request, kind, agent)
    return {
        "agent": agent,
        "has_key": has_key,
        "is_own": agent.owner_id == person_of(request).pk,
        "has_come": has_come,
        "first": address,
        "command": first_call.command(request, kind, issued.plain if issued else first_call.PLACEHOLDER),
        "here": request.build_absolute_uri(reverse("admin:connect", args=[kind.name])),
    }


def _asked(request: HttpRequest) -> Agent | None:
    number = request.GET.get("agent", "")
    found = Agent.objects.filter(person__isnull=True).select_related("owner")
    return found.filter(pk=number).first() if number.isdecimal() and len(number) < 10 else None
