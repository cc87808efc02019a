"""Asking that a configuration change be made: an action like any other, which a second person decides on."""

import json
import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_noop as _

from approvals.actors import Actor
from approvals.errors import Malformed, NotAllowed, NotFound, WrongState
from approvals.models import Action
from approvals.models.action_types import CONFIGURATION
from approvals.queries.safety import requested_changes
from approvals.services import locks
from approvals.services.catalog import change_words
from approvals.services.catalog.gathering import ConfigurationChange
from approvals.services.intake import propose
from approvals.services.payloads.proposal import Proposal
from approvals.states import OPEN, ActionState
from policies.db import service
from policies.engine.values.canonical import digest

MAX_EXACT = 200_000
DECIDED = _("You can no longer withdraw this action. Its state is “{state}”.")


def request(*, actor: Actor, at: datetime, change: ConfigurationChange, key: str = "") -> Action:
    """Propose a change that was rolled back because it waits, in the name of whoever made it.

    ``key`` makes a repeated request the same one.

    :raises NotAllowed: no person makes it.
    :raises Malformed: it is too large for one page.
    :raises Halted: changes of the configuration are halted.
    """
    if actor.person is None:
        raise NotAllowed("Only a person can request a configuration change. Sign in and make the change in the admin.")
    payload = _payload(change, actor)
    if len(payload["exact"]) > MAX_EXACT:
        raise Malformed("This change is too large for one review. Split it into smaller changes.")
    proposal = Proposal(
        idempotency_key=key or uuid.uuid4().hex,
        action_type=CONFIGURATION,
        payload=payload,
        subject=payload["title"][:200],
    )
    allowed = replace(actor, scopes=frozenset({f"propose:{CONFIGURATION}"}))
    return propose.propose(actor=allowed, at=at, proposal=proposal).action


@service
def withdraw(*, actor: Actor, at: datetime, action_id: uuid.UUID) -> Action:
    """Withdraw a change by whoever asked for it, as long as nobody has decided on it.

    :raises NotFound: there is none that this person asked for.
    :raises WrongState: it is decided on, or withdrawn already.
    """
    asked = requested_changes.by(actor.person).filter(pk=action_id).first() if actor.person is not None else None
    if asked is None:
        raise NotFound()
    mine = replace(actor, agent=asked.agent)
    state = locks.own_action(mine, action_id).state
    if state not in OPEN:
        raise WrongState(DECIDED, said={"state": ActionState(state)}, state=state)
    return propose.withdraw_step(actor=mine, at=at, action_id=action_id, reason="Withdrawn by its author.")


def _payload(change: ConfigurationChange, actor: Actor) -> dict[str, Any]:
    rows = [row.plain() for row in change.rows]
    # One text for everybody: what is approved is what was shown.
    with translation.override("en"):
        title, lines = change_words.summary(change.rows), change_words.lines(change.rows)
    return {
        "title": title,
        "author": str(actor.person),
        "changes": lines,
        "digest": digest(rows),
        # As text, because the order of a schema's fields is the order of its form.
        "exact": json.dumps(rows, ensure_ascii=False),
    }
