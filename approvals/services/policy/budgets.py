"""Counting over time: what was let through by agent, by subject and by kind of action, and what is about to be. Steps.

Whatever is let through adds to a running total for good; what waits for a person, is refused or blocked adds nothing.
Only what documents ask for is counted. The totals are asked and added to under their locks, in the transaction that
routes, so that of many proposals at once no two see the same room.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Abs

from approvals.models import Action
from approvals.states import GRANTED, ActionState
from approvals.text import money, normalize
from policies import db
from policies.engine.document.parse import Document
from policies.engine.inputs import windows
from policies.engine.inputs.windows import Counted

# Where a sum stops, so that it fits in the column.
MAX_MINOR = 9 * 10**18
# Ten-thousandths: no currency has more than four decimals, and neither has a worth at a rate.
_PARTS = Decimal(10_000)
# What these count, several agents add to.
_MIXED = ("subject", "type")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_LET_THROUGH = GRANTED | {ActionState.EXECUTING, ActionState.EXECUTED, ActionState.FAILED, ActionState.UNCERTAIN}
_LOOK = "SELECT id, number, minor FROM approvals_counter WHERE id IN ({places})"
# The database's clock, so that a worker whose clock is ahead finds no empty window; asked within other statements,
# because each statement costs. How each vendor says it, and the earlier of two moments.
_CLOCKS = {
    "postgresql": ("clock_timestamp()", "LEAST"),
    "sqlite": ("strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')", "MIN"),
}
# Creates or locks, adds and answers in one statement; every caller sorts its rows, so that no two wait in a circle.
_ADD = f"""
    INSERT INTO approvals_counter (id, scope, number, minor, at) VALUES {{rows}}
    ON CONFLICT (id) DO UPDATE SET
        number = approvals_counter.number + EXCLUDED.number,
        minor = CASE WHEN approvals_counter.minor > {MAX_MINOR} - EXCLUDED.minor
            THEN {MAX_MINOR} ELSE approvals_counter.minor + EXCLUDED.minor END,
        at = CASE WHEN EXCLUDED.at > approvals_counter.at THEN EXCLUDED.at ELSE approvals_counter.at END
    RETURNING id, number, minor, at, {{clock}}
"""
_MARK = """
    INSERT INTO approvals_countersnapshot (counter_id, number, minor, at)
    SELECT id, number, minor, at FROM {totals}
"""
_BEFORE = """
    SELECT * FROM (
        SELECT %s AS series, number, minor FROM approvals_countersnapshot
        WHERE counter_id = %s AND at <= %s ORDER BY at DESC, number DESC LIMIT 1
    ) AS before_{place}
"""

Totals = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What an action adds: one, and its amount in ten-thousandths of the base currency, None when nobody knows it."""

    number: int
    minor: int | None


def hold(action: Action, documents: Sequence[Document], at: datetime) -> dict[str, Counted]:
    """Lock what the documents count, creating totals that lack, and return it with this action; a step.

    Nobody else may add to it until the transaction ends, so what is ruled by it afterwards stays true.
    """
    names = _names(documents)
    keys = _keys(action, windows.scopes(names))
    if not keys:
        return {}
    totals, now = _lock(keys)
    return _counted(action, names, keys, totals, min(at, now))


def hold_ahead(wanted: Iterable[tuple[Action, Sequence[Document]]]) -> bool:
    """Lock all that `hold` locks for each of these, in one order, so that no two batches wait in a circle; a step.

    Returns whether there was anything to lock, and so to wait for.
    """
    keys = {key: scope for each in wanted for scope, key in _keys(each[0], windows.scopes(_names(each[1]))).items()}
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(*_adding(list(keys.items()), Contribution(0, 0), _LONG_AGO))
    return bool(keys)


def look(action: Action, documents: Sequence[Document], at: datetime) -> dict[str, Counted]:
    """What the documents count, with this action, as it stands; it binds nobody and writes nothing."""
    return _look(action, _names(documents), at)


def _look(action: Action, names: Sequence[str], at: datetime) -> dict[str, Counted]:
    keys = _keys(action, windows.scopes(names))
    if not keys:
        return {}
    totals = _as_they_stand(keys)
    return _counted(action, names, keys, totals, min(at, db.now()))


def look_own(action: Action, documents: Sequence[Document], at: datetime) -> dict[str, Counted]:
    """The same as if only the action's own agent had ever proposed anything.

    Totals by subject and by type mix agents, so these are counted on the agent's actions instead.
    """
    names = _names(documents)
    series = [name for name in names if name != windows.FIRST]
    mixed = [name for name in series if windows.parts(name)[0] in _MIXED]
    found = _look(action, [name for name in series if name not in mixed], at)
    until, share = min(at, db.now()) if mixed else at, Contribution(1, _minor(action))
    keys = _keys(action, windows.scopes(names))
    for name in mixed:
        scope, window = windows.parts(name)
        if scope in keys:
            rows = _own(action, scope).filter(decided_at__gt=until - windows.WINDOWS[window])
            found |= _facts(name, _total(rows), (0, 0), share)
    if windows.FIRST in names and "subject" in keys:
        found[windows.FIRST] = not _own(action, "subject").exists()
    return found


def _own(action: Action, scope: str) -> QuerySet[Action]:
    rows = Action.objects.filter(agent_id=action.agent_id, state__in=_LET_THROUGH)
    if scope == "type":
        return rows.filter(action_type_id=action.action_type_id)
    rows = rows.filter(normalized_subject=normalize.subject(action.subject))
    return rows.filter(client__isnull=True) if action.client_id is None else rows.filter(client=action.client_id)


def _total(rows: QuerySet[Action]) -> tuple[int, int]:
    found = rows.aggregate(number=Count("pk"), worth=Sum(Abs("amount_base")))
    return found["number"], int(((found["worth"] or Decimal(0)) * _PARTS).to_integral_value(ROUND_CEILING))


def look_back(action: Action, documents: Sequence[Document], at: datetime) -> dict[str, Counted]:
    """What the documents count, as it stood when the action was ruled on; what was not kept then, as it stands."""
    return look(action, documents, at) | kept(action)


def kept(action: Action) -> dict[str, Counted]:
    """What was counted when the action was last ruled on, as its evaluation keeps it."""
    values = action.evaluation.content.get("counted", {}) if action.evaluation else {}
    return {name: Decimal(value) if isinstance(value, str) else value for name, value in values.items()}


def spend(action: Action, at: datetime) -> None:
    """Add an action that may run to every total that its evaluation read; no query where it read none.

    It stays added whatever becomes of it: an agent gets nothing back by withdrawing and trying again.
    """
    keys = _keys(action, windows.scopes(kept(action)))
    if not keys:
        return
    add, values = _adding(_pairs(keys), Contribution(1, _minor(action)), at)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"WITH added AS ({add}) {_MARK.format(totals='added')}", values)
            return
        cursor.execute(add, values)
        cursor.execute(_MARK.format(totals=f"approvals_counter WHERE id IN ({_places(keys)})"), list(keys.values()))


def _counted(
    action: Action, names: Sequence[str], keys: Mapping[str, str], totals: Totals, until: datetime
) -> dict[str, Counted]:
    known = [name for name in names if name != windows.FIRST and windows.parts(name)[0] in keys]
    befores = _before(keys, known, until)
    # What was let through is in the totals; whatever else is asked about counts as if it were.
    share = Contribution(0 if action.state in _LET_THROUGH else 1, _minor(action))
    found: dict[str, Counted] = {}
    for name in known:
        found |= _facts(name, totals.get(keys[windows.parts(name)[0]], (0, 0)), befores.get(name, (0, 0)), share)
    if windows.FIRST in names and "subject" in keys:
        found[windows.FIRST] = totals.get(keys["subject"], (0, 0))[0] + share.number <= 1
    return found


def _names(documents: Sequence[Document]) -> list[str]:
    """The series that documents ask for."""
    return sorted(frozenset().union(*(document.counts for document in documents)))


def _facts(series: str, total: tuple[int, int], before: tuple[int, int], share: Contribution) -> dict[str, Counted]:
    found: dict[str, Counted] = {f"recent.{series}.count": total[0] - before[0] + share.number}
    if share.minor is not None:
        minor = total[1] - before[1] + share.number * share.minor
        found[f"recent.{series}.sum"] = Decimal(money.plain(Decimal(minor) / _PARTS))
    return found


def _keys(action: Action, scopes: Iterable[str]) -> dict[str, str]:
    """The totals that an action belongs to, by scope; those by subject need one."""
    subject = normalize.subject(action.subject)
    # Two clients may have one subject; neither counts for the other.
    books = [] if action.client_id is None else [action.client_id]
    members: dict[str, list[object]] = {
        "agent": [action.agent_id],
        "subject": [subject, *books] if subject else [],
        "type": [action.action_type_id],
        "agent_subject": [action.agent_id, subject, *books] if subject else [],
    }
    return {scope: _key(scope, members[scope]) for scope in scopes if members[scope]}


def _key(scope: str, members: Sequence[object]) -> str:
    return hashlib.sha256("\x1f".join([scope, *map(str, members)]).encode()).hexdigest()[:32]


def _minor(action: Action) -> int | None:
    """What it weighs, rounded up; a refund weighs as much as a payment, a kind of action without amounts nothing."""
    if not action.action_type.amount_pointer:
        return 0
    if action.amount_base is None:
        return None
    return min(int((abs(action.amount_base) * _PARTS).to_integral_value(ROUND_CEILING)), MAX_MINOR)


def _lock(keys: Mapping[str, str]) -> tuple[Totals, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(*_adding(_pairs(keys), Contribution(0, 0), _LONG_AGO))
        rows = cursor.fetchall()
    now = rows[0][-1]
    # SQLite knows no moments, only their text.
    moment = now if isinstance(now, datetime) else datetime.fromisoformat(now).replace(tzinfo=UTC)
    return {key: (number, minor) for key, number, minor, *_ in rows}, moment


def _as_they_stand(keys: Mapping[str, str]) -> Totals:
    with connection.cursor() as cursor:
        cursor.execute(_LOOK.format(places=_places(keys)), list(keys.values()))
        return {key: (number, minor) for key, number, minor in cursor.fetchall()}


def _pairs(keys: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(key, scope) for scope, key in keys.items()]


def _adding(keys: Iterable[tuple[str, str]], share: Contribution, at: datetime) -> tuple[str, list[Any]]:
    """The statement that adds a share to totals, given by key and scope, and its values."""
    clock, earlier = _CLOCKS[connection.vendor]
    row = f"(%s, %s, %s, %s, {earlier}(%s, {clock}))"
    ordered = sorted(keys)
    moment = connection.ops.adapt_datetimefield_value(at)
    values = [value for row in ordered for value in (*row, share.number, share.minor or 0, moment)]
    return _ADD.format(rows=", ".join([row] * len(ordered)), clock=clock), values


def _before(keys: Mapping[str, str], names: Sequence[str], now: datetime) -> Totals:
    """Where each series stood when its window began; nothing for one that had not begun by then."""
    if not names:
        return {}
    values: list[Any] = []
    for name in names:
        scope, window = windows.parts(name)
        began = connection.ops.adapt_datetimefield_value(now - windows.WINDOWS[window])
        values += [name, keys[scope], began]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(_BEFORE.format(place=place) for place in range(len(names))), values)
        return {series: (number, minor) for series, number, minor in cursor.fetchall()}


def _places(keys: Mapping[str, str]) -> str:
    return ", ".join(["%s"] * len(keys))
