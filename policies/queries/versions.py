"""Drafts as values, with the version in force that they would replace."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from policies.engine.document.parse import Document, load
from policies.engine.evaluation import run_tests
from policies.models import Version
from policies.models.policy import VersionState


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft; ``before`` is the plain value of the version in force."""

    name: str
    title: str
    number: int
    digest: str
    source: str
    author_id: int
    body: dict[str, Any]
    before: dict[str, Any] | None
    before_number: int | None

    @property
    def document(self) -> Document:
        """The parsed draft."""
        return load(self.body, version=self.number)

    @property
    def failing(self) -> list[str]:
        """The failing tests, each with the reason."""
        return [str(fault) for fault in run_tests.failures(self.document)]


class Obstacle(StrEnum):
    """Why a version can no longer be published."""

    OVERTAKEN = "overtaken"
    NOT_A_DRAFT = "not_a_draft"
    UNKNOWN = "unknown_version"


def obstacle(name: str, number: int, digest: str) -> Obstacle | None:
    """Return why the version with this digest cannot be published now, or None if it can."""
    version = Version.objects.filter(policy__name=name, number=number, digest=digest).first()
    if version is None:
        return Obstacle.UNKNOWN
    if version.state != VersionState.DRAFT:
        return Obstacle.NOT_A_DRAFT
    newer = Version.objects.filter(policy=version.policy_id, state=VersionState.PUBLISHED, number__gt=number)
    return Obstacle.OVERTAKEN if newer.exists() else None


def draft(pk: int) -> Draft | None:
    """Return a draft by its row ID, or None if it is not a draft."""
    version = Version.objects.select_related("policy").filter(pk=pk, state=VersionState.DRAFT).first()
    if version is None:
        return None
    before = Version.objects.filter(policy=version.policy, state=VersionState.PUBLISHED).first()
    body = json.loads(version.canonical)
    return Draft(
        name=version.policy.name,
        title=str(body["title"]),
        number=version.number,
        digest=version.digest,
        source=version.source,
        author_id=version.drafted_by_id,
        body=body,
        before=json.loads(before.canonical) if before else None,
        before_number=before.number if before else None,
    )
