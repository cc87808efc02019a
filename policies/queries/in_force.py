"""The versions in force as documents, read in one statement and cached by digest."""

import json
import logging
from collections.abc import Iterable
from functools import lru_cache

from django.db.models import QuerySet

from policies.engine.document.parse import HOUSE, Document, load, unreadable
from policies.models import Version
from policies.models.policy import VersionState

log = logging.getLogger(__name__)


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


def standing(name: str, *, with_house: bool = True) -> tuple[Document, ...]:
    """Return the policies in force for an action; in place of one that cannot be read, one that asks a senior."""
    found = standing_of([name, HOUSE] if with_house else [name])
    return tuple(sorted(found.values(), key=lambda document: document.is_house_wide))


def standing_of(names: Iterable[str]) -> dict[str, Document]:
    """Return the policies in force among these, by name, read in one statement as `standing` reads them."""
    rows = _rows(list(names)).values_list("policy__name", "digest", "number", "canonical")
    return {row[0]: _or_unreadable(*row) for row in rows}


def numbers() -> dict[str, int]:
    """Return the number of the version in force of each policy that has one, by the policy's name."""
    rows = Version.objects.filter(state=VersionState.PUBLISHED)
    return dict(rows.values_list("policy__name", "number"))


def _documents(names: list[str]) -> tuple[Document, ...]:
    found = [_document(*row) for row in _rows(names).values_list("digest", "number", "canonical")]
    return tuple(sorted(found, key=lambda document: document.is_house_wide))


def _rows(names: list[str]) -> QuerySet[Version]:
    rows = Version.objects.filter(policy__name__in=names, state=VersionState.PUBLISHED)
    return rows.order_by("policy__name")


def _or_unreadable(name: str, digest: str, number: int, canonical: str) -> Document:
    try:
        return _document(digest, number, canonical)
    except (TamperedPolicy, ValueError) as fault:
        log.error("Policy cannot be read", extra={"policy": name, "version": number, "fault": str(fault)[:500]})
        return unreadable(name, number)


@lru_cache(maxsize=256)
def _document(digest: str, number: int, canonical: str) -> Document:
    document = load(json.loads(canonical), version=number)
    if document.digest != digest:
        raise TamperedPolicy(
            f"Version {number} of {document.name} does not match its published digest. Publish a new version."
        )
    return document
