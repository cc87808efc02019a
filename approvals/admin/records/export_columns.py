"""The columns of an exported list of actions: what an auditor needs to follow one from proposal to result."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from approvals.authority.visibility import summary
from approvals.models import Action, Decision, Revision
from approvals.queries.record import actions as records
from approvals.queries.record.actions import Record
from approvals.services.exports.lists import Cell, Coded, Column
from approvals.states import ActionState, DecisionSource, DecisionType
from approvals.text import money
from approvals.text.csv_cells import defused

_READ = "exported"
MAX_CHANGES = 50


def prepare(rows: Sequence[Action]) -> None:
    """Read the final decisions and the changes of these actions; two statements."""
    final = Decision.objects.filter(action__in=rows, is_final=True).select_related("person", "delegator", "rationale")
    decisions = {(each.action_id, each.round): each for each in final}
    edited = [action for action in rows if action.revision.number > 1]
    revisions: dict[Any, list[Revision]] = {action.pk: [] for action in edited}
    for each in Revision.objects.filter(action__in=edited):
        revisions[each.action_id].append(each)
    for action in rows:
        decision = decisions.get((action.pk, action.round))
        read = Record(action, {}, revisions.get(action.pk, ()), decisions=[decision] if decision else [])
        vars(action)[_READ] = read


def _decision(value: Callable[[Decision], Cell]) -> Callable[[Action], Cell]:
    def of_action(action: Action) -> Cell:
        decision = _read(action).decision
        return None if decision is None else value(decision)

    return of_action


def _read(action: Action) -> Record:
    read: records.Record = vars(action)[_READ]
    return read


def _state(action: Action) -> Cell:
    return Coded(action.state, str(ActionState(action.state).label))


def _verdict(decision: Decision) -> Cell:
    """The decision in words that do not take policy's for a person's."""
    words = str(DecisionType(decision.verdict).label)
    if decision.source != DecisionSource.PERSON:
        words = gettext("%(decision)s (%(source)s)") % {"decision": words, "source": decision.get_source_display()}
    return Coded(decision.verdict, words)


def _changes(action: Action) -> Cell:
    """Each field that reviewers changed, with what it was and what it is."""
    found = _read(action).changes
    lines = [f"{each.pointer}: {defused(each.before)} → {defused(each.after)}" for each in found[:MAX_CHANGES]]
    return "\n".join([*lines, *(["…"] * (len(found) > MAX_CHANGES))]) or None


COLUMNS = (
    Column("id", _("ID"), lambda action: str(action.pk)),
    Column("proposed_at", _("proposed"), lambda action: action.created_at, is_time=True),
    Column("decided_at", _("decided"), lambda action: action.decided_at, is_time=True),
    Column("executed_at", _("executed"), lambda action: action.executed_at, is_time=True),
    Column("action_type", _("action type"), lambda action: Coded(action.action_type.name, action.action_type.title)),
    Column("agent", _("agent"), lambda action: Coded(action.agent.name, action.agent.title)),
    Column("desk", _("desk"), lambda action: Coded(action.desk.slug, action.desk.name)),
    Column("client", _("client"), lambda action: action.client and Coded(action.client.key, action.client.name)),
    Column("sentence", _("action"), summary),
    Column("amount", _("amount"), lambda action: money.exact(action, action.revision.payload)),
    Column("currency", _("currency"), lambda action: action.currency or None),
    Column("risk", _("risk score"), lambda action: action.risk if action.routed_at else None),
    Column("state", _("state"), _state),
    Column("final_verdict", _("final decision"), _decision(_verdict)),
    Column("decided_by", _("decided by"), _decision(lambda decision: decision.by)),
    Column("reason", _("reason"), _decision(lambda decision: decision.reason or None)),
    Column("changes", _("changed fields"), _changes),
    Column(
        "decision_source",
        _("source"),
        _decision(lambda each: Coded(each.source, str(each.get_source_display()))),
        False,
    ),
    Column("exception", _("exception"), _decision(lambda decision: decision.is_exception), False),
    Column("reason_code", _("reason code"), _decision(lambda decision: decision.reason_code or None), False),
    Column("subject", _("subject"), lambda action: action.subject or None, False),
    Column("reference", _("document number"), lambda action: action.reference or None, False),
    Column("on_behalf_of", _("on behalf of"), lambda action: action.on_behalf_of or None, False),
    Column("revision", _("revision"), lambda action: action.revision.number, False),
    Column("digest", _("digest"), lambda action: action.revision.digest, False),
    Column("until", _("until"), lambda action: action.until, False, is_time=True),
)
