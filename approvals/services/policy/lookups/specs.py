"""What an action type wants looked up: reading its list, saying what is wrong with it, asking one source. Steps."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from approvals.connectors.lookups import registry
from approvals.connectors.lookups.base import (
    NothingFound,
    Question,
    Source,
    Unreachable,
    faults_of_template,
    usable,
)
from approvals.models import Action, ActionType
from approvals.queries.directory import employees
from approvals.states import FetchState
from approvals.text.redaction import redact
from policies.engine.values import json_pointer

MAX = 8
FIELDS = ("name", "source", "target", "title", "pointer", "only_for_checks")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Lookup:
    """One fact to be looked up: its name, where, and which part of the answer; or only when a check asks for it."""

    name: str
    source: str
    target: dict[str, Any]
    title: str = ""
    pointer: str = ""
    only_for_checks: bool = False


@dataclass(frozen=True, slots=True)
class LookupAnswer:
    """What came of asking a source: a value, or the sentence that says why there is none."""

    lookup: Lookup
    state: FetchState
    asked: str
    source: str
    value: Any = None
    error: str = ""


class DirectorySource:
    """What our own directory says of an employee: name, department, job title, manager, and what else it knows."""

    name = "directory"

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Return the faults of a target as sentences."""
        strange = [f"A directory target has no field {name!r}. Use entry." for name in {*target} - {"entry"}]
        return [*sorted(strange), *faults_of_template(target.get("entry"), "entry")]

    def described(self, target: dict[str, Any]) -> str:
        """The directory."""
        return "the employee directory"

    def asked(self, target: dict[str, Any], question: Question) -> str:
        """Whom the directory is asked about."""
        return question.fill(target["entry"])

    def fetch(self, target: dict[str, Any], asked: str) -> Any:
        """The employee, as values."""
        found = employees.told(asked)
        if found is None:
            raise NothingFound("The directory has no employee with this name, or more than one.")
        return found


_DIRECTORY = DirectorySource()


def lookups(kind: ActionType) -> list[Lookup]:
    """What the type wants looked up, in order; each entry was checked when the type was saved."""
    return [Lookup(**entry) for entry in kind.lookups or ()]


def for_routing(kind: ActionType) -> list[Lookup]:
    """What must be looked up before the type's actions are routed."""
    return [lookup for lookup in lookups(kind) if not lookup.only_for_checks]


def asked_now(lookup: Lookup, action: Action, payload: Mapping[str, Any]) -> str:
    """What a look-up would ask with about this payload; empty where the action lacks what it needs."""
    try:
        return _source(lookup.source).asked(lookup.target, _question(action, payload))
    except (NothingFound, registry.NoSource):
        return ""


def ask(lookup: Lookup, action: Action, payload: Mapping[str, Any]) -> LookupAnswer:
    """Ask the source, once, in bounded time; secrets in its answer are taken out. It goes to the world."""
    asked, source = "", lookup.source
    try:
        found = _source(lookup.source)
        source = found.described(lookup.target)
        asked = found.asked(lookup.target, _question(action, payload))
        value = usable(json_pointer.find(found.fetch(lookup.target, asked), lookup.pointer))
        return LookupAnswer(lookup, FetchState.FOUND, asked, source, redact(value))
    except registry.NoSource:
        return LookupAnswer(lookup, FetchState.NOTHING, asked, source, error=_unknown(lookup.source))
    except NothingFound as nothing:
        return LookupAnswer(lookup, FetchState.NOTHING, asked, source, error=str(nothing))
    except Unreachable as silence:
        return LookupAnswer(lookup, FetchState.UNREACHABLE, asked, source, error=str(silence))


def faults_of(value: Any) -> Iterator[str]:
    """What is wrong with an action type's list of look-ups, in sentences."""
    if value is None:
        return
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        yield 'Enter a list of objects, for example [{"name": "role", "source": "directory", "target": {…}}].'
        return
    if len(value) > MAX:
        yield f"There are {len(value)} lookups. Use at most {MAX}."
    names = [entry.get("name") for entry in value]
    for place, entry in enumerate(value, 1):
        for fault in _of_entry(entry):
            yield f"Lookup {place}: {fault}"
        if isinstance(entry.get("name"), str) and names.index(entry["name"]) != place - 1:
            yield f"Lookup {place}: the name {entry['name']!r} is already in use."


def _of_entry(entry: dict[str, Any]) -> Iterator[str]:
    for name in sorted(entry.keys() - set(FIELDS)):
        yield f"the field {name!r} is unknown. Use {', '.join(FIELDS)}."
    if not isinstance(entry.get("name"), str) or not _NAME.fullmatch(entry["name"]):
        yield "name may contain only lowercase letters, digits, and underscores. Conditions read it as fetched.name."
    if not isinstance(entry.get("title", ""), str) or not isinstance(entry.get("only_for_checks", False), bool):
        yield "title must be text, and only_for_checks must be true or false."
    if entry.get("pointer", "") != "" and not json_pointer.is_pointer(entry["pointer"]):
        yield "pointer is not a valid JSON Pointer. Start it with a slash, for example /job/title."
    yield from _of_target(entry.get("source"), entry.get("target"))


def _of_target(source: Any, target: Any) -> Iterator[str]:
    try:
        found = _source(str(source))
    except registry.NoSource:
        yield _unknown(str(source))
        return
    if isinstance(target, dict):
        yield from found.check_target(target)
    else:
        yield "target must be a JSON object. Write its fields in braces."


def _source(name: str) -> Source:
    return _DIRECTORY if name == _DIRECTORY.name else registry.source(name)


def _unknown(name: str) -> str:
    return f"The source {name!r} is unknown. Use one of {', '.join(sorted([_DIRECTORY.name, *registry.names()]))}."


def _question(action: Action, payload: Mapping[str, Any]) -> Question:
    words = {
        "subject": action.subject,
        "on_behalf_of": action.on_behalf_of,
        "agent": action.agent.name,
        "action_type": action.action_type.name,
    }
    return Question(payload, words)
