"""Pins: what each tool was when a person accepted it.

A tool's description tells a model what to do with it, and its schema what a reviewer sees. So a tool that says
something else than its pin is refused until a person has looked at the difference and accepted it.
"""

import difflib
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp_types import Tool

PINNED = ("name", "title", "description", "inputSchema", "outputSchema", "annotations")

Definition = dict[str, Any]


class Unpinned(Exception):
    """The tool is not what a person accepted; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """One tool beside its pin; `before` or `after` is None where there is none."""

    tool: str
    before: Definition | None
    after: Definition | None

    @property
    def kind(self) -> str:
        """`new`, `changed` or `gone`."""
        return "new" if self.before is None else "gone" if self.after is None else "changed"

    def lines(self) -> list[str]:
        """The difference, line by line."""
        before, after = (_written(side) if side else "" for side in (self.before, self.after))
        names = (f"{self.tool} (accepted)", f"{self.tool} (now)")
        return list(difflib.unified_diff(before.splitlines(), after.splitlines(), *names, lineterm="", n=2))


def definition(tool: Tool) -> Definition:
    """What is pinned of a tool."""
    body = tool.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {name: body[name] for name in PINNED if name in body}


def digest(pinned: Definition) -> str:
    """The SHA-256 of a definition."""
    return hashlib.sha256(json.dumps(pinned, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class Pins:
    """The pin file: `{server: {tool: definition}}`. It is read each time, so that an acceptance counts immediately."""

    def __init__(self, path: Path):
        self.path = path

    def of(self, server: str) -> dict[str, Definition]:
        """The accepted tools of a server.

        :raises Unpinned: the file cannot be read.
        """
        return self._read().get(server, {})

    def changes(self, server: str, tools: Sequence[Tool]) -> list[Change]:
        """Each tool that is not what was accepted."""
        before, after = self.of(server), {tool.name: definition(tool) for tool in tools}
        names = [*before, *(name for name in after if name not in before)]
        found = [Change(name, before.get(name), after.get(name)) for name in names]
        return [change for change in found if change.before != change.after]

    def check(self, server: str, tool: str, tools: Sequence[Tool]) -> Definition:
        """Return the definition of a tool that is as it was accepted.

        :raises Unpinned: it is not.
        """
        accepted = self.of(server).get(tool)
        if accepted is None:
            raise Unpinned(f"Nobody has accepted the tool {tool}. A person can run: hitl-mcp pin --accept {server}")
        offered = [definition(each) for each in tools if each.name == tool]
        if offered != [accepted]:
            what = "is no longer offered" if not offered else "says something else than what was accepted"
            raise Unpinned(f"The tool {tool} {what}. A person can look at it with: hitl-mcp pin")
        return accepted

    def accept(self, server: str, changes: Sequence[Change]) -> None:
        """Write what a person accepted."""
        pins = self._read()
        mine = pins.setdefault(server, {})
        for change in changes:
            mine.pop(change.tool, None)
            if change.after is not None:
                mine[change.tool] = change.after
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(pins, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        os.replace(fresh, self.path)

    def _read(self) -> dict[str, dict[str, Definition]]:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise Unpinned(f"{self.path} cannot be read, so every tool is refused: {error}") from error
        if not isinstance(found, dict) or not all(isinstance(tools, Mapping) for tools in found.values()):
            raise Unpinned(f"{self.path} is not a pin file, so every tool is refused.")
        return found


def _written(pinned: Definition) -> str:
    return json.dumps(pinned, indent=2, sort_keys=True, ensure_ascii=False)
