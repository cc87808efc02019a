"""The calls that clients made, on disk, so that a call outlives its client and the gateway.

Which call is meant is told by the tool, the arguments and the work:

- Without a name for the work, a call is *open* until its result was handed to a client. The same tool with the same
  arguments continues it. After that it is a new call, because reading a file twice means two readings.
- With a name for the work, the same tool with the same arguments is one call permanently. So an agent that replays its
  work after a crash gets the recorded results, and nothing happens twice.
"""

import contextlib
import json
import logging
import os
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hitl_client import key_of
from mcp_types import CallToolResult

from hitl_mcp import results

log = logging.getLogger(__name__)
OPEN, READY, UNCERTAIN = "open", "ready", "uncertain"
KEEP_DAYS = 30


@dataclass(slots=True)
class Call:
    """One call. `phase` is open, ready (its result waits for a client) or uncertain (a person must look)."""

    key: str
    server: str
    tool: str
    action_type: str
    arguments: dict[str, Any]
    work: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    phase: str = OPEN
    action_id: str = ""


class Calls:
    """A private folder of calls. Processes of one machine can share it."""

    def __init__(self, folder: Path):
        self.open, self.done, self.results = folder / "open", folder / "done", folder / "results"
        for each in (self.open, self.done, self.results):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)

    def find(self, server: str, tool: str, action_type: str, arguments: Mapping[str, Any], work: str) -> Call:
        """Return the call that is meant; a new one is not yet written."""
        if work:
            key = key_of(action_type, arguments, name=work)
            places = (self._path(key, action_type, arguments), self.done / f"{key}.json")
            found = next((call for path in places if (call := self._read(path)) is not None), None)
            return found or Call(key, server, tool, action_type, dict(arguments), work)
        for path in sorted(self._path("", action_type, arguments).parent.glob("*.json")):
            found = self._read(path)
            if found is not None and not found.work:
                return found
        key = key_of(action_type, arguments, name=uuid.uuid4().hex)
        return Call(key, server, tool, action_type, dict(arguments))

    def by_action(self, action_id: str) -> Call | None:
        """Return the open call of an action, or None."""
        return next((call for call in self.all() if call.action_id == action_id), None)

    def all(self) -> Iterator[Call]:
        """Each call whose result nobody has got yet."""
        for path in sorted(self.open.glob("*/*.json")):
            try:
                call = self._read(path)
            except (ValueError, TypeError) as error:
                # The others go on. An equal call is refused until a person has looked at the file.
                log.error("%s cannot be read: %s", path, error)
                continue
            if call is not None:
                yield call

    def write(self, call: Call) -> None:
        """Keep the call; it is on the disk when this returns."""
        path = self._path(call.key, call.action_type, call.arguments)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            _write(path, asdict(call))
        except FileNotFoundError:
            # Another process has just handed over the last call in this folder.
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _write(path, asdict(call))

    def update(self, call: Call) -> None:
        """Write the call again, unless it was handed over in the meantime."""
        if self._path(call.key, call.action_type, call.arguments).exists():
            self.write(call)

    def hand_over(self, call: Call) -> None:
        """Close a call whose result a client got. Only named work is asked for again."""
        path = self._path(call.key, call.action_type, call.arguments)
        if call.work:
            with contextlib.suppress(FileNotFoundError):
                os.replace(path, self.done / f"{call.key}.json")
        else:
            path.unlink(missing_ok=True)
            self._result(call.key).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            path.parent.rmdir()

    def keep(self, key: str, result: CallToolResult) -> None:
        """Keep a result of at most 1 MiB; of a larger one, its beginning."""
        _write(self._result(key), results.dump(results.kept(result)))

    def kept(self, key: str) -> CallToolResult | None:
        """The kept result, or None."""
        try:
            return results.load(json.loads(self._result(key).read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError):
            return None

    def prune(self) -> None:
        """Remove what nobody asked for in a month. HITL still has the receipts."""
        for path in [*self.results.glob("*.json"), *self.done.glob("*.json")]:
            if path.stat().st_mtime < time.time() - KEEP_DAYS * 86_400:
                path.unlink(missing_ok=True)

    def _result(self, key: str) -> Path:
        return self.results / f"{key}.json"

    def _path(self, key: str, action_type: str, arguments: Mapping[str, Any]) -> Path:
        return self.open / key_of(action_type, arguments, name="")[-32:] / f"{key}.json"

    def _read(self, path: Path) -> Call | None:
        try:
            return Call(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            # Another process has handed it over in the meantime.
            return None


def _write(path: Path, body: Any) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with open(fresh, "w", encoding="utf-8", opener=_private) as file:
        json.dump(body, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
