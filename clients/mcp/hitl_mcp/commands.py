"""The command `hitl-mcp`."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hitl_client import Client, HitlError

from hitl_mcp import config as configuration
from hitl_mcp import kinds, running, server
from hitl_mcp.config import Config, ConfigError
from hitl_mcp.pins import Change, Pins, Unpinned
from hitl_mcp.upstream import Down, Upstream


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. The exit status is 0, or 1 if something is to be done."""
    given = _parser().parse_args(arguments)
    # stdout belongs to the protocol.
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="hitl-mcp: %(message)s")
    try:
        return int(given.run(configuration.read(given.config), given) or 0)
    except (ConfigError, Unpinned, Down, HitlError) as error:
        sys.stderr.write(f"hitl-mcp: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("hitl-mcp", description="Put MCP tools behind HITL.")
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=about, description=about)
        found.add_argument("--config", type=Path, default=running.default_path(), help="default: hitl-mcp.toml")
        found.set_defaults(run=run)
        return found

    gateway = command("gateway", _gateway, "Serve one server's tools on stdin and stdout.")
    gateway.add_argument("server", nargs="?", help="its name in the configuration, if there are several")
    serve = command("serve", _serve, "Serve every server's tools over HTTP, under /<name>/mcp.")
    serve.add_argument("--listen", default="127.0.0.1:8765", metavar="HOST:PORT")
    serve.add_argument("--token", metavar="VARIABLE", help="environment variable with the token that clients send")
    command("resume", _resume, "Go on with every open call, and end when none is left.")
    command("server", _server, "Serve HITL itself: propose, wait, answer, withdraw.")
    pin = command("pin", _pin, "Show the tools that are not as they were accepted.")
    pin.add_argument("--accept", action="append", default=[], metavar="SERVER[.TOOL]", help="accept what is shown")
    made = command("kinds", _kinds, "Write a proposal of an action type for each accepted tool.")
    made.add_argument("--out", type=Path, default=Path("kinds"), help="folder for the files")
    made.add_argument("--strict", action="store_true", help="ask nothing, and take the strictest answers")
    return parser


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def _gateway(config: Config, given: argparse.Namespace) -> None:
    asyncio.run(running.serve_stdio(config, given.server))


def _serve(config: Config, given: argparse.Namespace) -> None:
    host, _, port = given.listen.rpartition(":")
    if not port.isdecimal():
        raise ConfigError("Write --listen as HOST:PORT, for example 127.0.0.1:8765.")
    token = configuration.from_environment(given.token) if given.token else ""
    asyncio.run(running.serve_http(config, host.strip("[]") or "127.0.0.1", int(port), token))


def _resume(config: Config, given: argparse.Namespace) -> None:
    asyncio.run(running.resume(config))


def _server(config: Config, given: argparse.Namespace) -> None:
    asyncio.run(server.serve(config))


def _pin(config: Config, given: argparse.Namespace) -> int:
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pins, is_left = Pins(config.folder / "pins.json"), False
    for name, changes in asyncio.run(_changes(config, pins)).items():
        wanted = [change for change in changes if {name, f"{name}.{change.tool}"} & set(given.accept)]
        _demand_own_types(config, name, [*pins.of(name), *(change.tool for change in wanted)])
        for change in changes:
            _say(f"{name}.{change.tool}: {change.kind}{', accepted' if change in wanted else ''}", *change.lines())
        pins.accept(name, wanted)
        is_left = is_left or len(wanted) < len(changes)
    _say("Accept with --accept SERVER or --accept SERVER.TOOL." if is_left else "Every tool is as it was accepted.")
    return int(is_left)


async def _changes(config: Config, pins: Pins) -> dict[str, list[Change]]:
    found = {}
    for name, entry in config.servers.items():
        upstream = Upstream(entry)
        try:
            found[name] = pins.changes(name, await upstream.tools())
        finally:
            await upstream.close()
    return found


def _demand_own_types(config: Config, name: str, tools: Sequence[str]) -> None:
    """Reviewers could not tell two tools of one action type apart."""
    taken: dict[str, str] = {}
    for tool in tools:
        action_type = config.servers[name].type_of(tool)
        if taken.setdefault(action_type, tool) != tool:
            raise ConfigError(
                f"{tool} and {taken[action_type]} would both be {action_type}. Name one in servers.{name}.types."
            )


def _kinds(config: Config, given: argparse.Namespace) -> None:
    known, pins = _known_types(config), Pins(config.folder / "pins.json")
    for name, entry in config.servers.items():
        for tool, pinned in pins.of(name).items():
            answers = kinds.STRICT if given.strict else kinds.ask_about(f"{name}.{tool}", input)
            kind = kinds.kind_of(entry, pinned, answers)
            _say(f"{kinds.write(given.out, kind)}: {kinds.beside(kind, known)}")
    _say("Enter each in the admin under Action types > Add, with a desk and a policy.")


def _known_types(config: Config) -> Mapping[str, Mapping[str, Any]]:
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Client(config.url, config.secret(), journal=config.folder / "journal") as client:
        return {entry["name"]: entry for entry in client.action_types()}
