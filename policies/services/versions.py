"""Draft, publish and retire the versions of a policy.

Publishing puts a version in force and retires the previous one, in one transaction. The calling interface checks
permissions; publishing itself needs an approval. This module and the database check that two people took part.
"""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, models, transaction

from policies.db import service
from policies.engine.document.parse import Document, PolicyFault, parse
from policies.engine.evaluation import run_tests
from policies.engine.values.typed_reader import Fault
from policies.errors import (
    NotADraft,
    NotInForce,
    Overtaken,
    SamePerson,
    StaleVersion,
    TestsFail,
    UnknownVersion,
    WrongName,
)
from policies.models import Policy, Version
from policies.models.policy import VersionState
from policies.queries import written
from policies.services.rows import Change, save


@service
def draft(
    *, actor_person: AbstractBaseUser, door: str, name: str, source: str, at: datetime, reason: str = ""
) -> Version:
    """Save a text as a draft of the policy's next version; create the policy if it does not exist.

    :raises PolicyFault: the document is invalid; every fault has its path.
    :raises WrongName: the document names a different policy.
    """
    return draft_step(actor_person=actor_person, door=door, name=name, source=source, at=at, reason=reason)


def draft_step(
    *, actor_person: AbstractBaseUser, door: str, name: str, source: str, at: datetime, reason: str = ""
) -> Version:
    """Do what `draft` does, inside a service; a step.

    :raises PolicyFault: the document is invalid; every fault has its path.
    :raises WrongName: the document names a different policy.
    """
    document = parse(source)
    if faults := written.errors_in(document):
        raise PolicyFault(tuple(Fault(each.path, each.sentence) for each in faults))
    if document.name != name:
        raise WrongName(
            "The document names the policy “{found}”, not “{policy}”. Correct its `policy` field.",
            said={"found": document.name, "policy": name},
        )
    policy = _locked_policy(document, Change(actor_person, door, at, "Policy created."))
    version = Version(
        policy=policy,
        number=_next_number(policy),
        source=source,
        canonical=document.canonical.decode(),
        digest=document.digest,
        drafted_by_id=actor_person.pk,
        drafted_at=at,
    )
    save(version, Change(actor_person, door, at, reason or "Draft saved."))
    return version


@service
def publish(
    *,
    actor_person: AbstractBaseUser,
    door: str,
    name: str,
    number: int,
    digest: str,
    at: datetime,
    is_solo: bool = False,
    reason: str = "",
) -> Version:
    """Publish a draft and retire the previous version; `digest` is the one that was shown.

    :raises UnknownVersion: the version does not exist.
    :raises NotADraft: it was published before.
    :raises StaleVersion: its digest differs from the one shown.
    :raises Overtaken: a version with a higher number is in force.
    :raises SamePerson: its author publishes it without `is_solo`.
    :raises TestsFail: one of its tests fails.
    """
    return publish_step(
        actor_person=actor_person,
        door=door,
        name=name,
        number=number,
        digest=digest,
        at=at,
        is_solo=is_solo,
        reason=reason,
    )


def publish_step(
    *,
    actor_person: AbstractBaseUser,
    door: str,
    name: str,
    number: int,
    digest: str,
    at: datetime,
    is_solo: bool = False,
    reason: str = "",
) -> Version:
    """Do what `publish` does, inside a service; a step.

    :raises UnknownVersion: the version does not exist.
    :raises NotADraft: it was published before.
    :raises StaleVersion: its digest differs from the one shown.
    :raises Overtaken: a version with a higher number is in force.
    :raises SamePerson: its author publishes it without `is_solo`.
    :raises TestsFail: one of its tests fails.
    """
    version = _locked_version(name, number)
    _check_publishable(version, actor_person, digest, is_solo)
    before = Version.objects.filter(policy=version.policy, state=VersionState.PUBLISHED).first()
    if before is not None:
        if before.number > number:
            raise Overtaken
        before.retire(at=at)
        save(before, Change(actor_person, door, at, f"Replaced by version {number}."))
    version.publish(by=actor_person, at=at, is_solo=is_solo and version.drafted_by_id == actor_person.pk)
    save(version, Change(actor_person, door, at, reason or "Published."))
    _take_title(version, Change(actor_person, door, at, f"Renamed by version {number}."))
    return version


@service
def retire(*, actor_person: AbstractBaseUser, door: str, name: str, number: int, at: datetime, reason: str) -> Version:
    """Retire a version without a replacement; then every such action waits for a person.

    :raises UnknownVersion: the version does not exist.
    :raises NotInForce: it is not in force.
    """
    version = _locked_version(name, number)
    if version.state != VersionState.PUBLISHED:
        raise NotInForce
    version.retire(at=at)
    save(version, Change(actor_person, door, at, reason))
    return version


def is_published(name: str, number: int, digest: str) -> bool:
    """Return whether the version with this digest was ever published."""
    published = Version.objects.filter(policy__name=name, number=number, digest=digest)
    return published.exclude(state=VersionState.DRAFT).exists()


def _check_publishable(version: Version, person: AbstractBaseUser, digest: str, is_solo: bool) -> None:
    if version.state != VersionState.DRAFT:
        raise NotADraft
    if version.digest != digest:
        raise StaleVersion
    if version.drafted_by_id == person.pk and not is_solo:
        raise SamePerson
    if faults := run_tests.failures(parse(version.source)):
        sentences = " ".join(map(str, faults))
        raise TestsFail(sentences)


def _locked_policy(document: Document, change: Change) -> Policy:
    policies = Policy.objects.select_for_update(no_key=True).filter(name=document.name)
    if found := policies.first():
        return found
    try:
        with transaction.atomic():
            policy = Policy(name=document.name, title=document.title)
            save(policy, change)
    except IntegrityError:
        # Another person drafted the first version of this policy at the same time.
        return policies.get()
    return policy


def _locked_version(name: str, number: int) -> Version:
    # The policy's row locks all its versions, so that publications are serialized.
    policy = Policy.objects.select_for_update(no_key=True).filter(name=name).first()
    version = Version.objects.filter(policy=policy, number=number).first() if policy else None
    if version is None:
        raise UnknownVersion
    return version


def _next_number(policy: Policy) -> int:
    highest = Version.objects.filter(policy=policy).aggregate(models.Max("number"))["number__max"]
    return (highest or 0) + 1


def _take_title(version: Version, change: Change) -> None:
    title = parse(version.source).title
    if version.policy.title != title:
        version.policy.title = title
        save(version.policy, change)
