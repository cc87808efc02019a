"""The versions in force as documents, read in one statement and cached by digest."""

import json
from functools import lru_cache

from policies.engine.document.parse import HOUSE, Document, load
from policies.models import Version
from policies.models.policy import VersionState


class TamperedPolicy(RuntimeError):
    """A stored policy does not match its published digest."""


def in_force(name: str) -> Document | None:
    """Return the version of a policy that is in force, or None.

    :raises TamperedPolicy: the stored policy does not match its published digest.
    """
    return next(iter(_documents([name])), None)


def house() -> Document | None:
    """Return the global policy in force, or None.

    :raises TamperedPolicy: the stored policy does not match its published digest.
    """
    return in_force(HOUSE)


def in_force_with_house(name: str) -> tuple[Document, ...]:
    """Return the policies in force for an action: its type's and the global one.

    :raises TamperedPolicy: the stored policy does not match its published digest.
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
            f"Version {number} of {document.name} does not match its published digest. Publish a new version."
        )
    return document
