"""Waiting without threads: one statement for each goal asks for all calls that wait in this process."""

import asyncio
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import groupby
from operator import attrgetter
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.db.models import UUIDField

from approvals import conf
from approvals.api.base import long_poll
from approvals.api.base.long_poll import Waiting
from approvals.models import Action, Note
from policies.compiled import Among, CompiledValues

PAUSE = 0.25
_GOAL = attrgetter("goal")

log = structlog.get_logger()


class Waits:
    """The calls that wait in this process; all methods belong to its event loop."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[bool], Waiting] = {}
        # A thread of its own, so that its question is not asked behind a hundred calls.
        self._asking = ThreadPoolExecutor(1, "waits")
        self._watch: asyncio.Task[None] | None = None
        self._is_stopping = False

    def enter(self, waiting: Waiting) -> "asyncio.Future[bool] | None":
        """Take a slot, or return None if there is none.

        The future is true when there is what the call waits for, and false when the process stops.
        """
        if self._is_stopping or len(self._waiting) >= conf.max_long_polls():
            return None
        future = asyncio.get_running_loop().create_future()
        self._waiting[future] = waiting
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._ask())
        return future

    def leave(self, future: "asyncio.Future[bool]") -> None:
        """Free the slot."""
        del self._waiting[future]

    def stop(self) -> None:
        """End every wait now, and begin none."""
        self._is_stopping = True
        self._end(self._waiting, is_waited=False)

    async def _ask(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            await asyncio.sleep(PAUSE)
            asked = dict(self._waiting)
            try:
                found = await loop.run_in_executor(self._asking, over, frozenset(asked.values()))
            except (DatabaseError, InterfaceError) as error:
                # It is asked again in a moment. Whose time ends meanwhile is told so by the call itself.
                log.warning("waits.database_unavailable", error=str(error))
                continue
            self._end([future for future, waiting in asked.items() if waiting in found], is_waited=True)

    def _end(self, futures: "Collection[asyncio.Future[bool]]", *, is_waited: bool) -> None:
        for future in futures:
            if not future.done():
                future.set_result(is_waited)


def over(waits: Collection[Waiting]) -> set[Waiting]:
    """Return those that have what they wait for."""
    close_old_connections()
    reached = {
        (action_id, goal)
        for goal, some in groupby(sorted(waits, key=_GOAL), _GOAL)
        for (action_id,) in _reached(goal).all(ids=_ids(some))
    }
    asked: dict[UUID, UUID] = {}
    for action_id, note_id in _OPEN.all(ids=_ids(waits)):
        asked[action_id] = max(note_id, asked.get(action_id, note_id))
    return {
        each
        for each in waits
        if (each.action_id, each.goal) in reached or asked.get(each.action_id, each.began) > each.began
    }


def _ids(waits: Iterable[Waiting]) -> list[UUID]:
    return list({each.action_id for each in waits})


@cache
def _reached(goal: str) -> CompiledValues:
    among = Among("pk", "ids", UUIDField())
    return CompiledValues(lambda: Action.objects.filter(long_poll.reached(goal), among).order_by().values_list("pk"))


_OPEN = CompiledValues(
    lambda: (
        Note.objects.filter(Among("action", "ids", UUIDField()), is_open=True).order_by().values_list("action", "pk")
    )
)
