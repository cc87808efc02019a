"""The versions in force as documents, read in one statement and cached by digest."""

import json
import logging
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db.models import CharField, QuerySet, TextField

from policies.compiled import Among, Compiled, CompiledValues, Slot
from policies.engine.document.parse import HOUSE, Document, load, unreadable
from policies.models import Version
from policies.models.policy import VersionState

log = logging.getLogger(__name__)


class TamperedPolicy(RuntimeError):
    """A stored policy does not match its published digest, or its row was changed outside HITL."""


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


def standing(names: Iterable[str]) -> tuple[Document, ...]:
    """Return the policies in force for an action; in place of one that cannot be read, one that asks a senior."""
    found = standing_of(names)
    return tuple(sorted(found.values(), key=lambda document: document.is_house_wide))


def standing_of(names: Iterable[str]) -> dict[str, Document]:
    """Return the policies in force among these, by name, read in one statement as `standing` reads them."""
    return {version.policy.name: _or_unreadable(version) for version in _read_rows(list(names))}


def numbers(names: Iterable[str] | None = None) -> dict[str, int]:
    """Return the number of the version in force of each policy that has one, or of these, by the policy's name."""
    if names is None:
        return dict(Version.objects.filter(state=VersionState.PUBLISHED).values_list("policy__name", "number"))
    wanted = list(names)
    return {str(name): int(number) for name, number in _NUMBERS.all(names=wanted)} if wanted else {}


def sources() -> dict[str, str]:
    """Return the text of each policy in force as it was written, by the policy's name."""
    rows = Version.objects.filter(state=VersionState.PUBLISHED).order_by("policy__name")
    return dict(rows.values_list("policy__name", "source"))


_NUMBERS = CompiledValues(
    lambda: (
        Version.objects.filter(Among("policy__name", "names", TextField()), state=VersionState.PUBLISHED)
        .order_by()
        .values_list("policy__name", "number")
    )
)


def document_of(version: Version) -> Document:
    """Return a stored version as a document; parsed once.

    :raises TamperedPolicy: it does not match its digest, or its row was changed outside HITL.
    """
    return _read(version)


def _documents(names: list[str]) -> tuple[Document, ...]:
    return tuple(sorted(map(_read, _read_rows(names)), key=lambda document: document.is_house_wide))


def _read_rows(names: list[str]) -> list[Version]:
    """Return the versions; the statement is built once for each number of names, mostly a policy and the global one."""
    return _compiled(len(names)).all(**{f"name{place}": name for place, name in enumerate(names)}) if names else []


@lru_cache(maxsize=64)
def _compiled(count: int) -> Compiled[Version]:
    return Compiled(lambda: _rows([Slot(f"name{place}", CharField()) for place in range(count)]))


def _rows(names: Sequence[str | Slot]) -> QuerySet[Version]:
    rows = Version.objects.filter(policy__name__in=names, state=VersionState.PUBLISHED)
    return rows.select_related("policy").defer("source").order_by("policy__name")


def _or_unreadable(version: Version) -> Document:
    name, number = version.policy.name, version.number
    try:
        return _read(version)
    except (TamperedPolicy, ValueError) as fault:
        log.error("Policy cannot be read", extra={"policy": name, "version": number, "fault": str(fault)[:500]})
        return unreadable(name, number)


def _read(version: Version) -> Document:
    if not version.is_sealed:
        raise TamperedPolicy(
            f"Version {version.number} of {version.policy.name} was changed outside HITL. Publish a new version."
        )
    return _document(version.digest, version.number, version.canonical)


@lru_cache(maxsize=256)
def _document(digest: str, number: int, canonical: str) -> Document:
    document = load(json.loads(canonical), version=number)
    if document.digest != digest:
        raise TamperedPolicy(
            f"Version {number} of {document.name} does not match its published digest. Publish a new version."
        )
    return document
