"""The timeline of an object: who, when, why, through which door, and what changed."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from babel.lists import format_list
from django.db.models import Field, Model
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from approvals.actors import Door
from approvals.models import Action, Agent, BreakGlassUse, Decision, LedgerEntry, Note, Person, Revision, StopRequest
from approvals.queries.automation.standing_rules import OF_STANDING_RULE, origin
from approvals.queries.record import authenticity, digests, event_reasons
from approvals.queries.record.related import overrides
from approvals.states import GRANTS, ActionState, DecisionSource, DecisionType, Tier
from approvals.text.json_diff import Change, between

MAX_MOMENTS = 500
STOPS = frozenset({"end.asked", "cancel.asked"})
PRIVATE = ("action.commented", "action.handed_over", "action.handed_back")
# What a reader of an action's history is not helped by: ids that other columns tell in words, and what has its place.
SILENT = frozenset(
    {
        *("entry_id", "evaluation_id", "revision_id", "state", "decided_at", "executed_at", "routed_at"),
        *("nonce", "former_nonce"),
    }
)
# What the sentences about decisions name.
DECIDED_WITH = ("person", "rationale", "evaluation", "action__desk", *OF_STANDING_RULE)


@dataclass(frozen=True, slots=True)
class Difference:
    """A changed field, with its label."""

    name: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Moment:
    """One event; `state` is set if the state changed."""

    at: datetime
    event: str
    who: str
    door: str
    reason: str = ""
    rationale: str = ""
    state: str = ""
    state_label: str = ""
    from_label: str = ""
    decision: Decision | None = None
    differences: tuple[Difference, ...] = ()
    changes: tuple[Change, ...] = ()
    is_unrecorded: bool = False
    faults: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The reason in the reader's language."""
        return event_reasons.in_words(self.event, self.reason)


@dataclass(frozen=True, slots=True)
class Timeline:
    """An object's events, oldest first, and the sentence that says who authorized it."""

    moments: list[Moment]
    headline: str = ""
    decisions: list[Decision] = field(default_factory=list)
    is_cut: bool = False
    faults: tuple[str, ...] = ()


def of_row(instance: Any) -> Timeline:
    """Return the timeline of a row from its history; empty without history."""
    manager = getattr(instance, "history", None)
    if manager is None:
        return Timeline([])
    rows = list(manager.order_by("-history_date", "-history_id").select_related("history_user")[: MAX_MOMENTS + 1])
    is_cut = len(rows) > MAX_MOMENTS
    rows = rows[:MAX_MOMENTS][::-1]
    # What a migration made has no history; then there is no former row either.
    former = [None, *rows][: len(rows)]
    moments = [_saved(row, before) for row, before in zip(rows, former, strict=True)]
    return Timeline(moments, is_cut=is_cut, faults=tuple(_row_faults(instance)))


def of_action(action: Action, *, for_agent: bool = False) -> Timeline:
    """Return the timeline of an action: ledger entries with history rows and decisions.

    Reviewers' internal comments are hidden from the agent.
    """
    told = LedgerEntry.objects.filter(action=action).exclude(event__in=PRIVATE if for_agent else ())
    entries = list(told.order_by("-id")[: MAX_MOMENTS + 1])
    is_cut = len(entries) > MAX_MOMENTS
    entries = entries[:MAX_MOMENTS][::-1]
    decisions = _decisions(action)
    history = _history(action)
    names = names_of(entries)
    revisions = {revision.number: revision for revision in Revision.objects.filter(action=action)}
    known = {entry.history_id for entry in entries}
    notes = Note.objects.filter(action=action).select_related("text", "revision", "handed_to")
    said = {note.entry_id: note for note in notes} | _stops(entries)
    moments = [_moment(entry, history, decisions, names, revisions, said) for entry in entries]
    moments = _with_override(action, moments)
    if not is_cut:
        strangers = [row for key, (row, _former) in history.items() if key not in known]
        moments += [_stranger(row) for row in strangers]
    moments.sort(key=lambda moment: moment.at)
    decided = list(decisions.values())
    faults = tuple(_stored_faults(action, revisions.values(), decided))
    return Timeline(moments, headline(action, decided), decided, is_cut, faults)


def _row_faults(instance: Any) -> Iterator[str]:
    """Yield a sentence if a row is not as HITL saved it."""
    if not getattr(instance, "is_sealed", True):
        yield _(
            "This record’s seal is not valid. HITL did not save the record in this form, so the record grants no "
            "authority."
        )


def _stored_faults(action: Action, revisions: Iterable[Revision], decisions: Iterable[Decision]) -> Iterator[str]:
    """Yield a sentence for each revision or evaluation that no longer has its digest."""
    for revision in revisions:
        if digests.digest_now(action, revision) != revision.digest:
            yield _("Revision %(number)s does not match its digest.") % {"number": revision.number}
    found = [decision.evaluation for decision in decisions if decision.evaluation is not None]
    if action.evaluation is not None:
        found.append(action.evaluation)
    for evaluation in {each.pk: each for each in found}.values():
        if not digests.is_whole(evaluation):
            yield _("The evaluation by %(policy)s does not match its digest.") % {"policy": evaluation.policy}


def _entry_faults(entry: LedgerEntry) -> Iterator[str]:
    if hashlib.sha256(entry.body.encode()).hexdigest() != entry.digest:
        yield _("This ledger entry does not match its digest.")


def _decision_faults(decision: Decision) -> Iterator[str]:
    if not authenticity.is_authentic(decision):
        yield _(
            "This decision’s signature is not valid. Either HITL did not record the decision, or the decision was "
            "changed later."
        )
    if decision.digest != decision.revision.digest:
        yield _("This decision refers to a different payload than its revision contains.")


def headline(action: Action, decisions: Iterable[Decision]) -> str:
    """Return one sentence that says who authorized the current action."""
    found = [decision for decision in decisions if decision.is_final and decision.round == action.round]
    if not found:
        return _("Not authorized. The action’s state is “%(state)s”.") % {"state": _label(action.state).lower()}
    final = found[0]
    if not authenticity.is_authentic(final):
        return _("Not verified: the final decision on this action does not have a valid signature.")
    said = _said(final)
    by = _by(final)
    if final.verdict in GRANTS:
        others = [decision.by for decision in decisions if _is_other(decision, final)]
        by = format_list([*dict.fromkeys(others), by], locale=to_locale(get_language() or "en"))
    reason = final.reason or (
        final.evaluation.policy if final.evaluation and final.source == DecisionSource.POLICY else ""
    )
    sentence = _("%(said)s by %(by)s on %(on)s (entry point: %(door)s)") % {
        "said": said,
        "by": by,
        "on": f"{final.at:%Y-%m-%d %H:%M} UTC",
        "door": Door(final.door).label,
    }
    said = f"{sentence}: {reason}" if reason else f"{sentence}."
    return " ".join(part for part in (said, against_policy(action), _by_glass(final)) if part)


def _by_glass(final: Decision) -> str:
    """Return a sentence if the decision used break-glass access, else an empty string."""
    is_so = final.is_exception and BreakGlassUse.objects.filter(decision=final).exists()
    return _("Decided with break-glass access.") if is_so else ""


def against_policy(action: Action) -> str:
    """Return a sentence that says who requested a policy override, or an empty string."""
    if action.overridden_by is None:
        return ""
    return _("Policy blocked this action. %(who)s requested an override.") % {"who": action.overridden_by}


def _with_override(action: Action, moments: list[Moment]) -> list[Moment]:
    """Return the events, with the override's reason added."""
    found = overrides.of(action)
    if found is None:
        return moments
    event = "action.proposed" if found.action.pk == action.pk else "action.overridden"
    return [replace(moment, rationale=found.reason) if moment.event == event else moment for moment in moments]


def _said(final: Decision) -> str:
    if final.verdict == DecisionType.MODIFY:
        return _("Authorized with changes")
    return _("Authorized") if final.verdict == DecisionType.APPROVE else str(DecisionType(final.verdict).label)


def _by(decision: Decision) -> str:
    if decision.standing_rule is not None:
        return origin(decision.standing_rule)
    if decision.person is None:
        return str(DecisionSource(decision.source).label).lower()
    place = ", ".join(
        part for part in (Tier(decision.tier).label.lower() if decision.tier else "", str(decision.action.desk)) if part
    )
    return f"{decision.by} ({place})"


def _is_other(decision: Decision, final: Decision) -> bool:
    is_same = (decision.round, decision.digest) == (final.round, final.digest) and decision.pk != final.pk
    return is_same and decision.verdict in GRANTS and decision.person is not None


def _decisions(action: Action) -> dict[uuid.UUID, Decision]:
    rows = Decision.objects.filter(action=action).order_by("-at", "-id")
    rows = rows.select_related(*DECIDED_WITH, "revision")
    return {decision.entry_id: decision for decision in rows[:MAX_MOMENTS]}


def _stops(entries: Iterable[LedgerEntry]) -> dict[uuid.UUID, Note | StopRequest]:
    """Who asked to stop the action, and why; asked only where anybody did."""
    asked = [entry.pk for entry in entries if entry.event in STOPS]
    rows = StopRequest.objects.filter(entry__in=asked).select_related("execution", "delegator", "rationale")
    return {row.entry_id: row for row in rows} if asked else {}


def _history(action: Action) -> dict[uuid.UUID, tuple[Any, Any]]:
    rows = list(action.history.order_by("history_date", "history_id").select_related("history_user")[:MAX_MOMENTS])
    return {row.history_id: (row, former) for row, former in zip(rows, [None, *rows][: len(rows)], strict=True)}


def _moment(
    entry: LedgerEntry,
    history: dict[uuid.UUID, tuple[Any, Any]],
    decisions: dict[uuid.UUID, Decision],
    names: dict[str, str],
    revisions: dict[int, Revision],
    said: Mapping[uuid.UUID, Note | StopRequest],
) -> Moment:
    row, former = history.get(entry.history_id, (None, None)) if entry.history_id else (None, None)
    decision, words = decisions.get(entry.pk), said.get(entry.pk)
    note, stop = (None, words) if isinstance(words, StopRequest) else (words, None)
    return Moment(
        at=entry.at,
        event=entry.event,
        who=(row.actor if row else "") or names.get(entry.actor, entry.actor),
        door=_door(entry.door),
        reason=row.history_change_reason or "" if row else stop.said if stop else "",
        rationale=_rationale(decision or stop, note),
        state=entry.state_to,
        state_label=_label(entry.state_to),
        from_label=_label(entry.state_from),
        decision=decision,
        differences=_differences(row, former),
        changes=_edit(decision, entry, note, revisions),
        faults=(*_entry_faults(entry), *(_decision_faults(decision) if decision else ())),
    )


def _rationale(given: Decision | StopRequest | None, note: Note | None) -> str:
    return given.reason if given else note.told if note else ""


def _edit(
    decision: Decision | None, entry: LedgerEntry, note: Note | None, revisions: dict[int, Revision]
) -> tuple[Change, ...]:
    """Return the payload changes of the revision that this event created, if any."""
    is_edit = decision is not None and entry.event in {"decision.modified", "revision.written"}
    written = decision.revision if decision is not None and is_edit else note.revision if note else None
    former = revisions.get(written.number - 1) if written else None
    return tuple(between(former.payload, written.payload)) if former and written else ()


def _saved(row: Any, former: Any) -> Moment:
    words = {"+": _("Created"), "~": _("Changed"), "-": _("Deleted")}
    return Moment(
        at=row.history_date,
        event=words.get(row.history_type, ""),
        who=row.actor or str(row.history_user or _("the system")),
        door=_door(row.door),
        reason=row.history_change_reason or "",
        differences=_differences(row, former),
    )


def _stranger(row: Any) -> Moment:
    who = row.actor or str(row.history_user or "")
    return Moment(row.history_date, _("history row without a ledger entry"), who, _door(row.door), is_unrecorded=True)


def _differences(row: Any, former: Any) -> tuple[Difference, ...]:
    if row is None or former is None:
        return ()
    fields: Sequence[Field[Any, Any]] = [field for field in row.tracked_fields if field.attname not in SILENT]
    pairs = [(field, getattr(former, field.attname), getattr(row, field.attname)) for field in fields]
    return tuple(
        Difference(field.name, str(field.verbose_name), _shown(former, field), _shown(row, field))
        for field, before, after in pairs
        if before != after
    )


def _shown(row: Model, field: "Field[Any, Any]") -> Any:
    if field.choices:
        return getattr(row, f"get_{field.name}_display")()
    return getattr(row, field.attname)


def names_of(entries: Iterable[LedgerEntry]) -> dict[str, str]:
    """Return the names behind pseudonyms, where they are still known."""
    ids: dict[str, set[str]] = {"person": set(), "agent": set(), "system": set()}
    for entry in entries:
        kind, _sign, key = entry.actor.partition(":")
        ids.setdefault(kind, set()).add(key)
    names = {f"person:{person.pk}": str(person) for person in Person.objects.filter(pk__in=ids["person"])}
    names |= {f"agent:{agent.pk}": f"agent {agent.title}" for agent in Agent.objects.filter(pk__in=ids["agent"])}
    return names | {f"system:{door}": _("the system (%s)") % _door(door) for door in ids["system"]}


def _label(state: str) -> str:
    return str(ActionState(state).label) if state else ""


def _door(door: str) -> str:
    return str(Door(door).label) if door in Door.values else door
