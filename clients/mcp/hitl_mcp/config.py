"""The configuration file: which servers stand behind the gateway, and how HITL is reached.

| field | what it is |
|---|---|
| `url` | the address of HITL |
| `key` | the environment variable that holds the agent's key |
| `folder` | a private folder for the journal and the pins; it must survive a restart |
| `hold_seconds` | how long a call is held before it is answered as pending |
| `work` | a name for the piece of work, if each process does one; see `calls` |
| `servers.<name>` | one MCP server |
"""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOLD_SECONDS = 45.0
CALL_SECONDS = 60.0
NAME = re.compile(r"[a-z0-9_]{1,30}")


class ConfigError(Exception):
    """The configuration cannot be used; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Server:
    """One MCP server, started by `command` or reached at `url`.

    `env` names variables of the gateway's environment that the command gets. `token` names the one that holds a bearer
    token for `url`. `repeatable` are tools that may run twice for one approval. `types` maps tools to action types.
    """

    name: str
    command: tuple[str, ...] = ()
    url: str = ""
    token: str = ""
    env: tuple[str, ...] = ()
    repeatable: frozenset[str] = frozenset()
    types: Mapping[str, str] | None = None
    call_seconds: float = CALL_SECONDS

    def type_of(self, tool: str) -> str:
        """The action type of a tool: `mcp.<server>.<tool>` in lowercase, unless `types` says otherwise."""
        if self.types and tool in self.types:
            return self.types[tool]
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", tool).lower()
        return f"mcp.{self.name}.{re.sub(r'[^a-z0-9_]+', '_', words)}"


@dataclass(frozen=True, slots=True)
class Config:
    """The whole file."""

    path: Path
    url: str
    key: str
    folder: Path
    servers: Mapping[str, Server]
    hold_seconds: float = HOLD_SECONDS
    work: str = ""

    def secret(self) -> str:
        """The agent's key.

        :raises ConfigError: the environment does not have it.
        """
        return from_environment(self.key)

    def server(self, name: str | None) -> Server:
        """The server of this name, or the only one.

        :raises ConfigError: there is none, or several and no name.
        """
        if name is None and len(self.servers) == 1:
            return next(iter(self.servers.values()))
        if name is None or name not in self.servers:
            raise ConfigError(f"Name one of these servers: {', '.join(self.servers)}.")
        return self.servers[name]


def from_environment(name: str) -> str:
    """The value of an environment variable.

    :raises ConfigError: it is not set.
    """
    if value := os.environ.get(name):
        return value
    raise ConfigError(f"The environment variable {name} is not set. Set it before you start hitl-mcp.")


def read(path: Path) -> Config:
    """Read the file.

    :raises ConfigError: it cannot be read, or says something that nobody understands.
    """
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    found = body.pop("servers", {})
    if not isinstance(found, dict) or not found:
        raise ConfigError(f"{path} names no server. Add a table such as [servers.files].")
    servers = {name: _server(name, entry) for name, entry in found.items()}
    known = {"url": str, "key": str, "folder": str, "hold_seconds": float, "work": str}
    values = _checked(str(path), body, known, needed=("url", "key", "folder"))
    folder = (path.parent / Path(values.pop("folder")).expanduser()).resolve()
    return Config(path=path.resolve(), folder=folder, servers=servers, **values)


def _server(name: str, entry: Any) -> Server:
    where = f"servers.{name}"
    if not NAME.fullmatch(name):
        raise ConfigError(f"{where}: use up to 30 lowercase letters, digits and underscores for the name.")
    if not isinstance(entry, dict):
        raise ConfigError(f"{where} must be a table.")
    known = {
        "command": list, "url": str, "token": str, "env": list, "repeatable": list, "types": dict,
        "call_seconds": float,
    }  # fmt: skip
    values = _checked(where, entry, known)
    if ("command" in values) == ("url" in values):
        raise ConfigError(f"{where} needs either a command or a url.")
    for lists, kind in (("command", tuple), ("env", tuple), ("repeatable", frozenset)):
        if lists in values:
            values[lists] = kind(str(part) for part in values[lists])
    return Server(name=name, **values)


def _checked(
    where: str, entry: Mapping[str, Any], known: Mapping[str, type], needed: Sequence[str] = ()
) -> dict[str, Any]:
    for field in entry:
        if field not in known:
            raise ConfigError(f"{where}: {field} is unknown. Use {', '.join(known)}.")
    for field in known:
        if field in needed and field not in entry:
            raise ConfigError(f"{where}: {field} is missing.")
    values: dict[str, Any] = {}
    for field, value in entry.items():
        kind: Any = known[field]
        if not isinstance(value, (int, float) if kind is float else kind) or isinstance(value, bool):
            raise ConfigError(f"{where}: {field} must be a {'number' if kind is float else kind.__name__}.")
        values[field] = kind(value)
    return values
