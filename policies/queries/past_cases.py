"""The source of past cases; the app that stores actions registers it at startup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from policies.engine.document.parse import Document
from policies.engine.inputs.policy_input import PolicyInput
from policies.lab.action_types import TypeInfo
from policies.lab.explain import Case
from policies.lab.findings import Finding


@dataclass(frozen=True, slots=True)
class Kind:
    """An action type: its name, title and policy."""

    name: str
    title: str
    policy: str


@dataclass(frozen=True, slots=True)
class Past:
    """A past action to choose: its ID and summary."""

    id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as a test input, with the schema to score it and the other documents."""

    given: dict[str, Any]
    schema: Mapping[str, Any]
    others: tuple[Document, ...]


class Source(Protocol):
    """Past cases and action types; people see only actions that they have access to."""

    def kinds(self, person: Any = None) -> Sequence[Kind]:
        """Return every active action type; with a person, only those of clients that they see."""

    def types(self, policy: str) -> Sequence[TypeInfo]:
        """Return the active action types that a policy decides on."""

    def vocabulary(self) -> Mapping[str, frozenset[str]]:
        """Return the names of action types and agents, and the keys of clients."""

    def has_clients(self) -> bool:
        """Return whether there are clients; without any, nobody reads of them."""

    def named(self, document: Document) -> Sequence[Finding]:
        """Return what a document names that does not exist, or that nobody could fulfil."""

    def latest(self, person: Any, policy: str) -> Sequence[Past]:
        """Return the latest actions of a policy, newest first."""

    def samples(self, person: Any, kind: str) -> Sequence[PolicyInput]:
        """Return the inputs of some recent actions of a type."""

    def past(self, person: Any, action_id: str, document: Document) -> Case | None:
        """Return one past action with its counts at that time, or None if it is not visible."""

    def proposed(self, body: Mapping[str, Any], document: Document) -> Proposed | None:
        """Return an agent's proposal as a case, or None if its type is unknown."""


class Nothing:
    """The source of an installation without actions."""

    def kinds(self, person: Any = None) -> Sequence[Kind]:
        """Return nothing."""
        return ()

    def types(self, policy: str) -> Sequence[TypeInfo]:
        """Return nothing."""
        return ()

    def vocabulary(self) -> Mapping[str, frozenset[str]]:
        """Return nothing."""
        return {}

    def has_clients(self) -> bool:
        """Return that there are none."""
        return False

    def named(self, document: Document) -> Sequence[Finding]:
        """Return nothing."""
        return ()

    def latest(self, person: Any, policy: str) -> Sequence[Past]:
        """Return nothing."""
        return ()

    def samples(self, person: Any, kind: str) -> Sequence[PolicyInput]:
        """Return nothing."""
        return ()

    def past(self, person: Any, action_id: str, document: Document) -> Case | None:
        """Return nothing."""
        return None

    def proposed(self, body: Mapping[str, Any], document: Document) -> Proposed | None:
        """Return nothing."""
        return None


_registered: list[Source] = [Nothing()]


def register(source: Source) -> None:
    """Register the source of cases."""
    _registered[:] = [source]


def source() -> Source:
    """Return the registered source."""
    return _registered[0]
