"""Agents that wait for a decision, each on a connection of its own, all in one thread; they ask again as agents do."""

import asyncio
import json
import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from benchmarks.load import Refused

# Agents that began together do not go on together.
WAITS = (30, 60)
PATIENCE = 60.0


@dataclass
class Agents:
    """Who waits, how often they asked, and when each was told of a decision, by the clock of `time.perf_counter`."""

    told: dict[UUID, float] = field(default_factory=dict)
    asked: int = 0
    errors: list[str] = field(default_factory=list)

    def until_told(self, actions: Sequence[UUID]) -> Sequence[float]:
        """Return when the agents of these actions were told, once all were.

        :raises Refused: an agent was answered otherwise, or some were not told in a minute.
        """
        until = time.monotonic() + PATIENCE
        while not self.errors and any(each not in self.told for each in actions):
            if time.monotonic() > until:
                raise Refused("Some agents were not told of their decision within a minute.")
            time.sleep(0.05)
        if self.errors:
            raise Refused(self.errors[0])
        return [self.told[each] for each in actions]


@contextmanager
def waiting(port: int, actions: Sequence[UUID], headers: Mapping[str, str]) -> Iterator[Agents]:
    """An agent for each action waits until it is told of the decision, while the block runs."""
    agents, loop = Agents(), asyncio.new_event_loop()
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    # The loop itself keeps none of them alive.
    all_of_them = [asyncio.run_coroutine_threadsafe(_one(agents, port, each, lines), loop) for each in actions]
    try:
        yield agents
    finally:
        for one in all_of_them:
            one.cancel()
        asyncio.run_coroutine_threadsafe(_end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end() -> None:
    """Let all hang up that still wait."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


async def _one(agents: Agents, port: int, action: UUID, lines: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        state = "pending"
        while state == "pending":
            agents.asked += 1
            path = f"/api/v1/actions/{action}/?wait={random.randint(*WAITS)}"
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}\r\n".encode())
            state = await _state(reader)
        agents.told[action] = time.perf_counter()
    except (OSError, EOFError, ValueError, KeyError) as error:
        agents.errors.append(f"An agent that waits was answered otherwise: {error!r}")
    finally:
        writer.close()


async def _state(reader: asyncio.StreamReader) -> str:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(head.partition("\r\ncontent-length:")[2].partition("\r\n")[0])
    return str(json.loads(await reader.readexactly(length))["state"])
