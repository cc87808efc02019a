"""The versions in force, as documents; one statement each, and a document is built once per digest."""

import json
from functools import lru_cache

from policies.engine.document.parse import HOUSE, Document, load
from policies.models import Version
from policies.models.policy import VersionState


class TamperedPolicy(RuntimeError):
    """A stored policy does not have the digest that it was published with."""


def in_force(name: str) -> Document | None:
    """Return the version of a policy that is in force, or None.

    :raises TamperedPolicy: what is stored is not what was published; nothing may be judged by it.
    """
    return next(iter(_documents([name])), None)


def house() -> Document | None:
    """Return the house-wide policy in force, or None.

    :raises TamperedPolicy: what is stored is not what was published.
    """
    return in_force(HOUSE)


def in_force_with_house(name: str) -> tuple[Document, ...]:
    """Return what an action is judged by: its type's policy and the house-wide one, those that are in force.

    :raises TamperedPolicy: what is stored is not what was published.
    """
    return _documents([name, HOUSE])


def numbers() -> dict[str, int]:
    """Return the number of the version in force of each policy that has one, by the policy's name."""
    rows = Version.objects.filter(state=VersionState.PUBLISHED)
    return dict(rows.values_list("policy__name", "number"))


def _documents(names: list[str]) -> tuple[Document, ...]:
    rows = Version.objects.filter(policy__name__in=names, state=VersionState.PUBLISHED)
    found = [_document(*row) for row in rows.order_by("policy__name").values_list("digest", "number", "canonical")]
    return tuple(sorted(found, key=lambda document: document.is_house_wide))


@lru_cache(maxsize=256)
def _document(digest: str, number: int, canonical: str) -> Document:
    document = load(json.loads(canonical), version=number)
    if document.digest != digest:
        raise TamperedPolicy(
            f"Version {number} of {document.name} is not what was published: its digest differs. Publish a new version."
        )
    return document
