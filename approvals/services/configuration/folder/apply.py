"""Applying a folder: as one change, at once during the set-up, and else as far as nobody else must decide.

Everything is saved and checked in one transaction. A dry run, a fault and a change that waits roll it back, so what is
told of them is what the same code would do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from approvals.actors import Actor
from approvals.errors import NotAllowed
from approvals.models import Action
from approvals.models.action_types import PUBLICATION
from approvals.queries.safety import installation, requested_changes
from approvals.services.catalog import gathering
from approvals.services.catalog.gathering import ConfigurationChange, WaitsForApproval
from approvals.services.configuration import first_policies, request
from approvals.services.configuration.folder import policy_files, reading, saving
from approvals.services.configuration.folder.planning import Plan, Planned
from approvals.services.configuration.folder.policy_files import PolicyFile
from approvals.services.configuration.folder.reading import Fault, FolderFaults, Place
from approvals.services.intake import publish_policy
from approvals.states import GRANTED, OPEN
from policies.db import service
from policies.engine.document.parse import PolicyFault
from policies.engine.values.canonical import digest


@dataclass(frozen=True, slots=True)
class Requested:
    """A part that a second person decides on; without ``action`` it cannot be asked for yet."""

    what: str
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a folder changes: rows and policies, whether they took effect, and what waits for whose decision."""

    rows: tuple[Planned, ...]
    policies: tuple[PolicyFile, ...]
    is_live: bool
    waiting: ConfigurationChange | None = None
    requested: tuple[Requested, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything is already as the files want it."""
        return not (self.rows or self.policies)

    @property
    def waits(self) -> bool:
        """Whether a second person decides on any of it."""
        return self.waiting is not None or (self.is_live and bool(self.policies))


@dataclass
class _RolledBack(Exception):
    """Nothing was kept: it was a dry run, or a second person decides first."""

    outcome: Outcome = field()


def dry_run(*, actor: Actor, at: datetime, files: Mapping[str, str]) -> Outcome:
    """Say what the files of a folder, by their paths in it, would change; store nothing.

    :raises FolderFaults: something in them is wrong; lists every fault with its file and line.
    :raises NotAllowed: no person acts.
    """
    try:
        return _carry_out(actor=actor, at=at, files=files, is_dry=True)
    except _RolledBack as back:
        return back.outcome


def apply(*, actor: Actor, at: datetime, files: Mapping[str, str]) -> Outcome:
    """Make the installation as the files of a folder want it, or request what a second person must decide on.

    What no file names stays. The same files applied twice change nothing and request nothing the second time.

    :raises FolderFaults: something in them is wrong; lists every fault with its file and line.
    :raises NotAllowed: no person acts.
    :raises Malformed: the change is too large for one review.
    :raises Halted: changes of the configuration are halted.
    """
    try:
        outcome = _carry_out(actor=actor, at=at, files=files, is_dry=False)
    except _RolledBack as back:
        outcome = back.outcome
    requested = []
    if outcome.waiting is not None:
        requested.append(Requested("config.change", _requested(actor, at, outcome.waiting)))
    if outcome.is_live:
        requested += [Requested(policy.path, _publication(actor, at, policy)) for policy in outcome.policies]
    return replace(outcome, requested=tuple(requested))


@service
def _carry_out(*, actor: Actor, at: datetime, files: Mapping[str, str], is_dry: bool) -> Outcome:
    if actor.person is None:
        raise NotAllowed("Only a person can apply a set-up. Name its author.")
    folder, is_live = reading.read(files), installation.is_live()
    plan = Plan(folder)
    policies = policy_files.changed(folder, plan.faults)
    waiting = None
    try:
        with gathering.one_change() as change:
            saving.save(plan, actor, actor.person, change)
            _check_policies(plan, policies, actor, at, is_live=is_live)
            saving.check_action_types(plan, policy_files.names(folder))
            if plan.faults:
                raise FolderFaults(plan.faults)
    except WaitsForApproval as waits:
        waiting = waits.change
    rows = tuple(planned for planned in plan.rows if not planned.is_none)
    outcome = Outcome(rows, tuple(policies), is_live, waiting)
    if is_dry or waiting is not None:
        raise _RolledBack(outcome)
    return outcome


def _check_policies(plan: Plan, policies: list[PolicyFile], actor: Actor, at: datetime, *, is_live: bool) -> None:
    """Note what is wrong with each policy; during the set-up, put those without a fault in force."""
    assert actor.person is not None  # asked before
    if policies and not actor.person.has_perm("policies.add_version"):
        sentence = f"{actor.person.username} has no permission to draft policies. Choose another author."
        plan.faults.extend(Fault(Place(policy.path), sentence) for policy in policies)
        return
    for policy in policies:
        found = list(policy_files.faults_of(policy))
        plan.faults.extend(found)
        if not (found or is_live):
            first_policies.publish_alone(actor=actor, at=at, name=policy.name, source=policy.source, reason=saving.WHY)


def _requested(actor: Actor, at: datetime, change: ConfigurationChange) -> Action:
    """The request of a change; the same one as long as nobody decided on it."""
    assert actor.person is not None  # asked before
    mark = f"folder-{digest([row.plain() for row in change.rows])}"
    earlier = requested_changes.by(actor.person).filter(idempotency_key__startswith=mark)
    ended = earlier.exclude(state__in=OPEN | GRANTED).count()
    return request.request(actor=actor, at=at, change=change, key=f"{mark}-{ended}")


def _publication(actor: Actor, at: datetime, policy: PolicyFile) -> Action | None:
    """The request to publish a policy; None if it needs something that waits itself."""
    asked = Action.objects.filter(action_type__name=PUBLICATION, reference=policy.document.digest, subject=policy.name)
    if (found := asked.filter(state__in=OPEN | GRANTED).first()) is not None:
        return found
    try:
        version = _draft(actor=actor, at=at, policy=policy)
    except PolicyFault:
        return None
    return publish_policy.request(actor=actor, at=at, version_id=version.pk)


@service
def _draft(*, actor: Actor, at: datetime, policy: PolicyFile) -> Any:
    return first_policies.draft(actor=actor, at=at, name=policy.name, source=policy.source, reason=saving.WHY)
