"""Facts that were looked up: keeping what came, and what an evaluation or a check may know of it. Steps."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from approvals.actors import Actor
from approvals.models import Action, ActionType, LookupResult, Stage, Text
from approvals.models.texts import TextKind
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.policy.lookups.specs import Lookup, LookupAnswer, for_routing, is_asked
from approvals.states import FetchState
from policies.engine.values.canonical import digest
from policies.engine.values.said import message

NOT_YET = message("This lookup runs only after the action is proposed.")
NEVER = message("This lookup did not run before the action was routed.")
OTHER = message("The payload has changed since this lookup ran.")


def keep(
    action: Action, stage: Stage | None, answers: Sequence[LookupAnswer], actor: Actor, at: datetime
) -> list[LookupResult]:
    """Keep what came: a row for each answer, and one entry of the ledger that names them by their digests."""
    texts = [_text(action, answer) for answer in answers]
    told = [
        {"name": answer.lookup.name, "state": str(answer.state), "digest": text.digest}
        for answer, text in zip(answers, texts, strict=True)
    ]
    found = sum(answer.state == FetchState.FOUND for answer in answers)
    data = {"facts": told, "stage": str(stage.pk) if stage else None}
    entry = entries.record_event(
        action, Event(actor, at, "facts.fetched", f"Lookups finished: {found} of {len(answers)} returned a value", data)
    )
    Text.objects.bulk_create(texts)
    rows = [
        LookupResult(
            action=action,
            stage=stage,
            name=answer.lookup.name,
            state=answer.state,
            source=answer.source[:200],
            text=text,
            digest=text.digest,
            fetched_at=at,
            entry=entry,
        )
        for answer, text in zip(answers, texts, strict=True)
    ]
    return LookupResult.objects.bulk_create(rows)


def latest(action: Action, stage: Stage | None = None) -> dict[str, LookupResult]:
    """The last answer to each look-up, for a stage or for the evaluation before any."""
    rows = LookupResult.objects.filter(action=action, stage=stage).select_related("text").order_by("id")
    return {row.name: row for row in rows}


def of_evaluation(action: Action, kind: ActionType, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Lookup results as arguments of the policy input; an action type without lookups costs nothing."""
    wanted = for_routing(kind)
    if not wanted:
        return {}
    if action._state.adding:
        return {"unfetched": {lookup.name: NOT_YET for lookup in wanted}}
    rows = latest(action)
    why_not = {lookup.name: _why_not(lookup, rows.get(lookup.name), action, payload) for lookup in wanted}
    known = [rows[name] for name, why in why_not.items() if not why]
    return {
        "fetched": {row.name: row.value for row in known},
        "unfetched": {name: why for name, why in why_not.items() if why},
        "sources": {name: rows[name].digest for name in sorted(why_not) if name in rows},
    }


def of_check(action: Action, rows: Iterable[LookupResult], names: Sequence[str]) -> dict[str, Any]:
    """The values that a check may read: those of the evaluation and what was fetched for the check since."""
    before = of_evaluation(action, action.action_type, action.revision.payload).get("fetched", {})
    fresh = {row.name: row.value for row in rows if row.state == FetchState.FOUND}
    return {name: value for name, value in before.items() if name not in names} | fresh


def _why_not(lookup: Lookup, row: LookupResult | None, action: Action, payload: Mapping[str, Any]) -> str:
    """Why a look-up brings nothing to judge by; empty where it does."""
    if row is None:
        return NEVER
    if row.state != FetchState.FOUND:
        return row.error
    return "" if is_asked(lookup, action, payload, row.asked) else OTHER


def _text(action: Action, answer: LookupAnswer) -> Text:
    content: dict[str, Any] = {"asked": answer.asked}
    content |= {"value": answer.value} if answer.state == FetchState.FOUND else {"error": answer.error}
    salt = secrets.token_hex(16)
    fingerprint = digest({"salt": salt, **content})
    return Text(action=action, kind=TextKind.FETCHED, content=content, salt=salt, digest=fingerprint)
