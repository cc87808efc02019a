"""Whose turn it is: waiting rows are taken one agent after the other, so that no agent's backlog delays another's.

One recursive statement steps through an index that begins with the agent: first from agent to agent, then along each
agent's own rows. It reads about as many index entries as it returns, plus one for each agent that waits, however many
rows wait behind them.
"""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import BooleanField, Case, IntegerField, Model, QuerySet, Value, When
from django.db.models.expressions import RawSQL

M = TypeVar("M", bound=Model)
Sql = tuple[str, tuple[Any, ...]]


class Turns(Generic[M]):
    """Takes turns between agents; each process goes on behind the agent that it served last.

    ``key`` is the order within one agent, and its last column is the primary key. The index begins with the agent.
    """

    def __init__(self, *key: str) -> None:
        self._key = key
        self._served = 0

    def has_any(self, rows: QuerySet[M]) -> bool:
        """Return whether any row waits; takes no turn."""
        return bool(self._found(rows, 1))

    def first(self, rows: QuerySet[M], limit: int, spare: int = 0) -> list[Any]:
        """Return the primary keys of the next ``limit`` rows, each agent's first before any agent's second.

        ``spare`` more follow, for a caller that passes over rows that others have locked.
        """
        found = self._found(rows, limit + spare)
        if found:
            self._served = found[:limit][-1].agent_id
        return [row.pk for row in found]

    def _found(self, rows: QuerySet[M], limit: int) -> "list[Any]":
        return list(rows.model._default_manager.raw(*self._statement(rows, limit)))

    def _statement(self, rows: QuerySet[M], limit: int) -> Sql:
        """The statement that finds the agents who wait, then their rows by rank, then the first of these."""
        table, key = rows.model._meta.db_table, self._key
        agents = rows.order_by("agent_id").values("agent_id")
        mine = rows.filter(agent_id=RawSQL("turn.agent_id", ())).order_by(*key).values("pk")
        columns, own = ", ".join(key), ", ".join(f"{table}.{column}" for column in key)
        last = ", ".join(f"turn.{column}" for column in key)
        first_agent, next_agent = _sql(agents[:1]), _sql(agents.filter(_is("{t}.agent_id > party.agent_id", table))[:1])
        head = _sql(rows.filter(agent_id=RawSQL("party.agent_id", ())).order_by(*key).values("pk")[:1])
        after = _sql(mine.filter(_is(f"({own}) > ({last})", table))[:1])
        sql = f"""
            WITH RECURSIVE party(agent_id) AS (
                SELECT * FROM ({first_agent[0]}) AS first
                UNION ALL
                SELECT ({next_agent[0]}) FROM party WHERE party.agent_id IS NOT NULL
            ), turn(agent_id, place, {columns}) AS (
                SELECT party.agent_id, 1, {own} FROM party JOIN {table} ON {table}.id = ({head[0]})
                WHERE party.agent_id IS NOT NULL
                UNION ALL
                SELECT turn.agent_id, turn.place + 1, {own} FROM turn JOIN {table} ON {table}.id = ({after[0]})
                WHERE turn.place * (SELECT count(agent_id) FROM party) < %s
            )
            SELECT id, agent_id FROM turn ORDER BY place, agent_id <= %s, agent_id LIMIT %s
        """
        return sql, (*first_agent[1], *next_agent[1], *head[1], *after[1], limit, self._served, limit)


def in_order(rows: QuerySet[M], ids: Sequence[Any]) -> QuerySet[M]:
    """Narrow rows to these primary keys, in their order, for a statement that locks some of them."""
    places = [When(pk=each, then=Value(place)) for place, each in enumerate(ids)]
    return rows.filter(pk__in=ids).order_by(Case(*places, output_field=IntegerField()))


def _is(condition: str, table: str) -> RawSQL:
    return RawSQL(condition.format(t=table), (), output_field=BooleanField())


def _sql(rows: QuerySet[M, Any]) -> Sql:
    # What is known to be empty, such as under a halt of everything, stays a statement all the same.
    sql, params = rows.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()
    return sql, tuple(params)
