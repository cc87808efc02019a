"""Locking the one row that everything about an action is asked and changed under; steps."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, QuerySet, UUIDField

from approvals.actors import Actor
from approvals.errors import KeyRevoked, NotFound
from approvals.models import Action, ActionType, Agent, ApiKey, Claim, Client, Desk, Halt, Revision
from approvals.models.halts import IN_FORCE
from approvals.queries.safety import halts
from policies import db
from policies.compiled import Among, Compiled, Slot

# Under this name a locked action carries the id of its halt.
_HALT = "halted_by"
# Under this one, when it was read under its lock.
_MOMENT = "read_at"
# Under this one, whether somebody had claimed it then.
_CLAIMED = "is_claimed"
# And under this one, whether the key of whoever asks was revoked.
_REVOKED = "is_key_revoked"
_WITH = ("action_type", "agent", "desk", "desk__calendar", "revision", "evaluation")

_UUID, _NUMBER = UUIDField(), BigIntegerField()


def _one(*, skip: bool) -> QuerySet[Action]:
    return (
        Action.objects.select_for_update(skip_locked=skip, no_key=True)
        .filter(pk=Slot("id", _UUID))
        .only("pk")
        .order_by()
    )


_ONE: Compiled[Action] = Compiled(lambda: _one(skip=False))
_ONE_FREE: Compiled[Action] = Compiled(lambda: _one(skip=True))


def _whole() -> QuerySet[Action]:
    claimed = Exists(Claim.objects.filter(action=OuterRef("pk")))
    told = {_HALT: halts.of_action(), _MOMENT: db.Clock(), _CLAIMED: claimed}
    return Action.objects.select_related(*_WITH).annotate(**told).filter(pk=Slot("id", _UUID)).order_by()


def _by_key() -> QuerySet[Action]:
    revoked = ApiKey.objects.filter(identifier=Slot("key", CharField()), revoked_at__isnull=False)
    return _whole().annotate(**{_REVOKED: Exists(revoked)})


_WHOLE: Compiled[Action] = Compiled(_whole)
_BY_KEY: Compiled[Action] = Compiled(_by_key)
_HELD: Compiled[Action] = Compiled(
    lambda: (
        Action.objects.select_for_update(skip_locked=True, no_key=True).filter(Among("pk", "ids", _UUID)).order_by("pk")
    )
)
_TYPES: Compiled[ActionType] = Compiled(lambda: ActionType.objects.filter(Among("pk", "ids", _NUMBER)).order_by())
_AGENTS: Compiled[Agent] = Compiled(lambda: Agent.objects.filter(Among("pk", "ids", _NUMBER)).order_by())
_DESKS: Compiled[Desk] = Compiled(
    lambda: Desk.objects.select_related("calendar").filter(Among("pk", "ids", _NUMBER)).order_by()
)
_CLIENTS: Compiled[Client] = Compiled(lambda: Client.objects.filter(Among("pk", "ids", _NUMBER)).order_by())
_REVISIONS: Compiled[Revision] = Compiled(lambda: Revision.objects.filter(Among("pk", "ids", _UUID)).order_by())
_HALTS: Compiled[Halt] = Compiled(lambda: Halt.objects.filter(IN_FORCE).order_by("id"))


def action(action_id: uuid.UUID, actor: Actor | None = None, *, skip: bool = False) -> Action:
    """The action with what halts it, locked until the transaction ends; ``skip`` passes over one that is held.

    :raises NotFound: there is none, or it is held.
    :raises KeyRevoked: the key that the actor came with was revoked meanwhile.
    """
    # Locked bare and read after: a joined read that waited would be checked against rows of before the wait.
    held = (_ONE_FREE if skip else _ONE).first(id=action_id)
    key = actor.key if actor is not None else ""
    found = (_BY_KEY.first(id=action_id, key=key) if key else _WHOLE.first(id=action_id)) if held else None
    if found is None:
        raise NotFound()
    if vars(found).get(_REVOKED):
        raise KeyRevoked()
    if found.action_type.desk_id == found.desk_id:
        # A join less: the database spends more time on planning this statement than on running it.
        found.action_type.desk = found.desk
    return found


def actions(ids: Collection[uuid.UUID]) -> list[Action]:
    """Those of these actions that nobody holds, locked, each with what halts it, in the order of the ids.

    What they name is read once for all; they share it.
    """
    held = {row.pk: row for row in _HELD.all(ids=ids)}
    rows = list(held.values())
    if not rows:
        return []
    revisions = {row.pk: row for row in _REVISIONS.all(ids=[row.revision_id for row in rows])}
    for row in rows:
        row.revision = revisions[row.revision_id]
    read_again(rows)
    return [held[each] for each in ids if each in held]


def read_again(rows: Collection[Action]) -> None:
    """Read what locked actions name, and what halts them, as it is by now; they share it. A step."""
    types = {row.pk: row for row in _TYPES.all(ids={row.action_type_id for row in rows})}
    agents = {row.pk: row for row in _AGENTS.all(ids={row.agent_id for row in rows})}
    wanted = {row.desk_id for row in rows} | {kind.desk_id for kind in types.values()}
    desks = {row.pk: row for row in _DESKS.all(ids=wanted)}
    clients = _clients_of(rows)
    standing = _HALTS.all()
    for kind in types.values():
        kind.desk = desks[kind.desk_id]
    for row in rows:
        row.action_type, row.agent, row.desk = types[row.action_type_id], agents[row.agent_id], desks[row.desk_id]
        row.client = clients[row.client_id] if row.client_id is not None else None
        vars(row)[_HALT] = next((halt.pk for halt in standing if halts.covers(halt, row)), None)


def _clients_of(rows: Collection[Action]) -> dict[int, Client]:
    wanted = {row.client_id for row in rows if row.client_id is not None}
    return {row.pk: row for row in _CLIENTS.all(ids=wanted)} if wanted else {}


def halt_of(action: Action) -> uuid.UUID | None:
    """The halt that held an action back when it was locked, read with it in one statement.

    :raises LookupError: the action was not read by `action`, so its halt is not known.
    """
    if _HALT not in vars(action):
        raise LookupError("Only an action that was locked by locks.action knows what halts it.")
    found: uuid.UUID | None = vars(action)[_HALT]
    return found


def moment(action: Action) -> datetime | None:
    """When the action was locked, by the database's clock; None where it was not locked by `action`.

    It saves a statement of its own: the transaction that has the lock is short.
    """
    found: datetime | None = vars(action).get(_MOMENT)
    return found


def forget_moment(action: Action) -> None:
    """Let the clock be asked again, because another lock may be waited for."""
    vars(action).pop(_MOMENT, None)


def may_be_claimed(action: Action) -> bool:
    """Whether there can be a claim on the action: none comes after `action` locked it without one."""
    return bool(vars(action).get(_CLAIMED, True))


def own_action(actor: Actor, action_id: uuid.UUID) -> Action:
    """The acting agent's own action, locked.

    :raises NotFound: it is not this agent's.
    :raises KeyRevoked: the key that it came with was revoked meanwhile.
    """
    found = action(action_id, actor)
    if actor.agent is None or found.agent_id != actor.agent.pk:
        raise NotFound()
    return found
