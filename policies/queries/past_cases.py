"""Where past cases come from: a source that the room which keeps actions registers when it starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from policies.engine.document.parse import Document
from policies.engine.inputs.policy_input import PolicyInput
from policies.lab.explain import Case


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of action that policies judge: its name, what people call it, and the policy that it names."""

    name: str
    title: str
    policy: str


@dataclass(frozen=True, slots=True)
class Past:
    """A past action to choose from: its id and the sentence that names it."""

    id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as facts that a test could be given, the schema to score it by, and what judges beside."""

    given: dict[str, Any]
    schema: Mapping[str, Any]
    others: tuple[Document, ...]


class Source(Protocol):
    """Past cases and kinds; a person is only ever shown actions that this person may see."""

    def kinds(self) -> Sequence[Kind]:
        """Every kind of action, by name."""

    def latest(self, person: Any, policy: str) -> Sequence[Past]:
        """The latest actions that a policy is about, newest first."""

    def samples(self, person: Any, kind: str) -> Sequence[PolicyInput]:
        """The facts of some recent actions of a kind."""

    def past(self, person: Any, action_id: str, document: Document) -> Case | None:
        """One past action as it stands now, by what was counted then; None when there is none to be seen."""

    def proposed(self, body: Mapping[str, Any], document: Document) -> Proposed | None:
        """A proposal as an agent would send it; None when its kind is not known."""


class Nothing:
    """The source of a house that keeps no actions."""

    def kinds(self) -> Sequence[Kind]:
        """No kinds."""
        return ()

    def latest(self, person: Any, policy: str) -> Sequence[Past]:
        """No actions."""
        return ()

    def samples(self, person: Any, kind: str) -> Sequence[PolicyInput]:
        """No facts."""
        return ()

    def past(self, person: Any, action_id: str, document: Document) -> Case | None:
        """No case."""
        return None

    def proposed(self, body: Mapping[str, Any], document: Document) -> Proposed | None:
        """No case."""
        return None


_registered: list[Source] = [Nothing()]


def register(source: Source) -> None:
    """Take cases from this source from now on."""
    _registered[:] = [source]


def source() -> Source:
    """Return where cases come from."""
    return _registered[0]
