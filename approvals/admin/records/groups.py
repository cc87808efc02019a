"""The index of records in three groups: what is set up, who takes part, and what happened."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from approvals.admin.base.model_admin import RecordAdmin, person_of
from approvals.authority.visibility import reads_everything
from approvals.queries.insight import table_sizes

SET_UP, PEOPLE, EVIDENCE = "set_up", "people", "evidence"
TITLES = {SET_UP: _("Set up"), PEOPLE: _("People"), EVIDENCE: _("Evidence")}
# In this order; a model that is not named here comes last in its group, without a sentence.
ABOUT: dict[str, tuple[str, Any]] = {
    "actiontype": (SET_UP, _("What agents can propose, and who decides on it.")),
    "agent": (SET_UP, _("Programs that propose actions, with their owners.")),
    "apikey": (SET_UP, _("Secrets by which agents and people use the API.")),
    "desk": (SET_UP, _("Teams that review actions together.")),
    "standingrule": (SET_UP, _("Automatic decisions that follow from a person’s decision.")),
    "calendar": (SET_UP, _("Working hours and holidays, by which due times are computed.")),
    "exchangerate": (SET_UP, _("Rates to compare amounts in different currencies.")),
    "flowlimit": (SET_UP, _("How many calls a connector makes at most.")),
    "webhook": (SET_UP, _("Addresses that are told of events.")),
    "person": (PEOPLE, _("Everybody who can sign in.")),
    "membership": (PEOPLE, _("Who reviews at which desk, and up to which amounts.")),
    "employee": (PEOPLE, _("The directory of employees and their managers.")),
    "subjectowner": (PEOPLE, _("Who is responsible for a customer or supplier.")),
    "duty": (PEOPLE, _("Who is on duty, and when.")),
    "absence": (PEOPLE, _("Who is out of office, and until when.")),
    "delegation": (PEOPLE, _("Who decides for whom, and until when.")),
    "action": (EVIDENCE, _("Everything that was proposed, with its state and result.")),
    "decision": (EVIDENCE, _("Who decided what, when, and why.")),
    "ledgerentry": (EVIDENCE, _("Every change in its official order.")),
    "policyevaluation": (EVIDENCE, _("What policy said of each action.")),
    "revision": (EVIDENCE, _("The data as proposed, and as reviewers changed it.")),
    "stage": (EVIDENCE, _("The steps of approval plans, and whom they asked.")),
    "lookupresult": (EVIDENCE, _("What other systems answered before a decision.")),
    "execution": (EVIDENCE, _("How approved actions were carried out.")),
    "delivery": (EVIDENCE, _("Which notifications were sent to whom.")),
    "webhookdelivery": (EVIDENCE, _("Which events were sent to webhooks, and what receivers answered.")),
    "samplecheck": (EVIDENCE, _("Automatic runs that people checked afterwards.")),
    "halt": (EVIDENCE, _("When something was stopped, by whom, and why.")),
    "breakglass": (EVIDENCE, _("Emergency access, and who reviewed it.")),
}


def of(request: HttpRequest, listed: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The groups with the models that Django lists for this person, each with a sentence and a count."""
    rows = [dict(model) for model in listed]
    order = {name: number for number, name in enumerate(ABOUT)}
    rows.sort(key=lambda row: order.get(_name(row), len(order)))
    countable = [row["model"] for row in rows if _is_countable(request, row["model"])]
    sizes = table_sizes.of(countable)
    for row in rows:
        row["about"], row["size"] = ABOUT.get(_name(row), ("", ""))[1], sizes.get(row["model"])
    return [{"title": title, "models": found} for group, title in TITLES.items() if (found := list(_in(group, rows)))]


def _in(group: str, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        known = ABOUT.get(_name(row))
        if (known[0] if known else _guess(row)) == group:
            yield row


def _guess(row: Mapping[str, Any]) -> str:
    return EVIDENCE if isinstance(admin.site._registry.get(row["model"]), RecordAdmin) else SET_UP


def _name(row: Mapping[str, Any]) -> str:
    return str(row["model"]._meta.model_name)


def _is_countable(request: HttpRequest, model: Any) -> bool:
    """Whether the number of all rows is the number of those that this person finds."""
    shown = admin.site._registry.get(model)
    # A list that is narrowed for some says for whom it is not.
    if (knows_all := getattr(shown, "knows_all", None)) is not None:
        return bool(knows_all(request))
    return not isinstance(shown, RecordAdmin) or reads_everything(person_of(request))
