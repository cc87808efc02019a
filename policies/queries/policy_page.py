"""What the page of a policy shows: its versions with who, when and why, and the versions to read and compare."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from policies.engine.document.parse import Document, PolicyFault, load
from policies.lab import glossary
from policies.lab.builder import fields
from policies.lab.builder.fields import Field
from policies.models import Policy, Version
from policies.models.policy import VersionState
from policies.queries import past_cases

MAX_VERSIONS = 60


@dataclass(frozen=True, slots=True)
class Listed:
    """A version without its texts, with the reasons for its draft and its publication."""

    version: Version
    reasons: Mapping[str, str]

    @property
    def why(self) -> str:
        """The reason for the draft."""
        return self.reasons.get(VersionState.DRAFT, "")

    @property
    def why_published(self) -> str:
        """The reason for the publication."""
        return self.reasons.get(VersionState.PUBLISHED, "")


def versions_of(policy: Policy) -> Sequence[Listed]:
    """Return the newest versions of a policy, newest first, in two statements."""
    rows = Version.objects.filter(policy=policy).select_related("drafted_by", "published_by", "policy")
    found = list(rows.defer("source", "canonical").order_by("-number")[:MAX_VERSIONS])
    told = Version.history.filter(policy_id=policy.pk, number__in=[row.number for row in found])
    reasons: dict[int, dict[str, str]] = {}
    for number, state, why in told.order_by("history_date").values_list("number", "state", "history_change_reason"):
        reasons.setdefault(number, {})[state] = why or ""
    return [Listed(row, reasons.get(row.number, {})) for row in found]


def chosen(found: Sequence[Listed], number: int | None) -> Listed | None:
    """Return the version with this number; without one, that in force, or else the newest."""
    if number is not None:
        return next((each for each in found if each.version.number == number), None)
    in_force = (each for each in found if each.version.state == VersionState.PUBLISHED)
    return next(in_force, found[0] if found else None)


def document_of(version: Version) -> Document | None:
    """Return a version as a document, or None if today's engine no longer reads it."""
    return _document(canonical_of(version), version.number)


def canonical_of(version: Version) -> str:
    """Return a version's canonical text; its source, which its page shows, too, is read with it."""
    if version.get_deferred_fields():
        version.refresh_from_db(fields=["source", "canonical"])
    return version.canonical


@lru_cache(maxsize=64)
def _document(canonical: str, number: int) -> Document | None:
    try:
        return load(json.loads(canonical), version=number)
    except (PolicyFault, ValueError):
        return None


def fields_of(policy: str) -> dict[str, Field]:
    """Return the fields that the conditions of a policy can be about, by name; the client where there are clients."""
    source = past_cases.source()
    known = fields.by_name(fields.of(source.types(policy)))
    if not source.has_clients():
        known.pop(glossary.CLIENT, None)
    return known


def kinds_of(policy: str, person: Any) -> list[past_cases.Kind]:
    """Return the action types that use a policy, as far as a person sees them."""
    return [kind for kind in past_cases.source().kinds(person) if kind.policy == policy]
