"""Anomalies: values in a payload that differ from the subject's earlier actions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, CharField, QuerySet, UUIDField
from django.utils.translation import gettext as _

from approvals import asked
from approvals.models import Action, Revision
from approvals.queries.insight import precedents
from approvals.states import STOOD
from approvals.text.money import exact, money
from policies.compiled import Compiled, Slot
from policies.engine.checks import unusual
from policies.engine.checks.unusual import Past
from policies.engine.inputs.policy_input import PolicyInput

MAX_LENGTH = 80
MAX_PAST = 20
_COMPARED = ("amount", "currency", "subject", "revision__body")
_AHEAD = "past"
_NUMBER = BigIntegerField()
# What `past_of` asks for one action, for many. By its last condition the database knows the index of subjects.
_PAST = """
    SELECT asked.id, past.amount, past.currency, past.subject, past.revision_id
    FROM approvals_action asked
    CROSS JOIN LATERAL (
        SELECT id, amount, currency, subject, revision_id FROM approvals_action former
        WHERE former.action_type_id = asked.action_type_id AND former.desk_id = asked.desk_id
        AND former.normalized_subject = asked.normalized_subject AND former.state = ANY(%s) AND former.id < asked.id
        AND former.normalized_subject <> '' AND former.client_id IS NOT DISTINCT FROM asked.client_id
        ORDER BY former.id DESC LIMIT %s
    ) past
    WHERE asked.id = ANY(%s)
    ORDER BY asked.id, past.id DESC
"""


def past_of(action: Action, *, own_only: bool = False) -> list[Past]:
    """Return the subject's last approved actions of this type, desk and client, before this one; at most one statement.

    Other subjects that look the same are among them. ``own_only`` leaves out those of other agents.
    """
    subject = precedents.subject_of(action)
    if not subject:
        return []
    if not own_only and (ahead := asked.known((_AHEAD, action.pk))) is not None:
        return list(ahead)
    about = {"type": action.action_type_id, "desk": action.desk_id, "subject": subject, "action": action.pk}
    about["client"] = action.client_id or precedents.NO_CLIENT
    rows = _OWN_FORMER.all(agent=action.agent_id, **about) if own_only else _FORMER.all(**about)
    return [_past(row) for row in rows]


def _former(**more: Slot) -> QuerySet[Action]:
    rows = Action.objects.filter(
        precedents.OF_CLIENT,
        action_type=Slot("type", _NUMBER),
        desk=Slot("desk", _NUMBER),
        normalized_subject=Slot("subject", CharField()),
        state__in=STOOD,
        pk__lt=Slot("action", UUIDField()),
        **more,
    )
    # The condition of the partial index, which a kept plan cannot know of the subject.
    return rows.exclude(normalized_subject="").select_related("revision").only(*_COMPARED).order_by("-id")[:MAX_PAST]


_FORMER: Compiled[Action] = Compiled(_former)
_OWN_FORMER: Compiled[Action] = Compiled(lambda: _former(agent=Slot("agent", _NUMBER)))


def read_ahead(actions: Sequence[Action]) -> None:
    """Read what `past_of` returns for each of these, in two statements.

    Those of one subject are left out: the first may become the past of the second.
    """
    if connection.vendor != "postgresql":
        return
    groups = defaultdict(list)
    for action in actions:
        groups[action.action_type_id, action.desk_id, action.client_id, precedents.subject_of(action)].append(action)
    alone = [group[0] for (_type, _desk, _client, subject), group in groups.items() if subject and len(group) == 1]
    if not alone:
        return
    with connection.cursor() as cursor:
        cursor.execute(_PAST, [list(STOOD), MAX_PAST, [action.pk for action in alone]])
        rows = cursor.fetchall()
    payloads = {row.pk: row.payload for row in Revision.objects.filter(pk__in={row[-1] for row in rows})}
    found = defaultdict(list)
    for key, amount, currency, subject, revision in rows:
        found[key].append(Past(payloads[revision], amount, currency, subject))
    for action in alone:
        asked.ahead((_AHEAD, action.pk), found[action.pk])


def sentences(action: Action, schema: Mapping[str, Any], before: Sequence[Action]) -> Iterator[tuple[str, str, str]]:
    """Yield the pointer, code and sentence of each value that differs from the subject's earlier actions.

    Only approved actions count as usual, by the same comparison that policy makes.
    """
    past = [_past(former) for former in before if former.state in STOOD]
    if len(past) < unusual.MIN_PAST:
        return
    payload = action.revision.payload
    facts = PolicyInput(
        action_type=action.action_type.name,
        payload=payload,
        agent="",
        amount=exact(action, payload),
        currency=action.currency,
    )
    seen = unusual.compare(facts, schema, past)
    said = {"count": seen.count, "subject": action.subject[:MAX_LENGTH]}
    most = unusual.highest(facts.currency or "", past)
    if most and seen.ratio is not None and seen.ratio > unusual.MAX_RATIO:
        sentence = _("More than three times the highest of the last %(count)d amounts for %(subject)s (%(usual)s).")
        told = sentence % {**said, "usual": money(most, action.currency)}
        yield action.action_type.amount_pointer, unusual.AMOUNT, told
    usual = unusual.usual_values(facts, schema, past) if seen.fields else {}
    for pointer, value in usual.items():
        sentence = _("Differs from the last %(count)d actions for %(subject)s, which all had the value %(usual)s.")
        yield pointer, unusual.VALUE, sentence % {**said, "usual": _shown(value)}


def _past(row: Action) -> Past:
    return Past(row.revision.payload, row.amount, row.currency, row.subject)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value}"
