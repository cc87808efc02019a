"""Restore mode: a database that lacks what was sent sends nothing until an operator goes on.

| what it finds                                       | what follows                                              |
|-----------------------------------------------------|-----------------------------------------------------------|
| the database knows every writer's last line         | nothing                                                   |
| it lacks one                                        | restore mode; what it lacks is kept as lost dispatches    |
| an operator announces a restore                     | the same, whatever the file says                          |
| the file does not reach back to before the backup   | whatever is older than the restore might have been sent   |

The mode is a row: it stops every process, also those that see no file.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

import structlog
from django.utils.translation import gettext_noop as _

from approvals.actors import Actor, Door
from approvals.errors import NotAllowed, RationaleMissing, WrongState
from approvals.models import LostDispatch, Restore, RestoreEnd
from approvals.queries.safety import halts, restores
from approvals.services import doorbell
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.safety import halt_gate, last_known
from approvals.services.safety.last_known import Sent
from approvals.text import reasons
from policies import unit
from policies.db import errand, service

MAX_REASON = 500
BEHIND = "The database lacks actions that were sent: it was restored"
ANNOUNCED = "An operator restored the database"
WHO_RESUMES = _("You cannot resume execution. Ask a person with permission to change halts.")

log = structlog.get_logger()


@errand
def notice(*, actor: Actor, at: datetime) -> bool:
    """Compare the database with the file of what was sent; return whether nothing may be sent now."""
    if restores.unknown(last_known.last_attempts()):
        found = _lost()
        log.critical("restore.noticed", lost=len(found))
        begin(actor=actor, at=at, lost=found, reason=BEHIND)
        return True
    return restores.is_on()


@errand
def announce(*, actor: Actor, at: datetime) -> int:
    """Begin restore mode because an operator restored a backup; return how many lost dispatches the file names."""
    found = _lost()
    begin(actor=actor, at=at, lost=found, reason=ANNOUNCED)
    return len(found)


@service
def begin(*, actor: Actor, at: datetime, lost: Sequence[Sent], reason: str) -> Restore:
    """Send nothing from now on, and keep what the database lacks; a restore that is on is only added to."""
    # Nobody starts an effect between this and the commit, and no other process begins the same.
    halt_gate.close()
    is_complete = _is_complete()
    restore = restores.on().filter(is_complete=is_complete).first()
    if restore is None:
        restore = Restore(began_at=at, door=actor.door, is_complete=is_complete)
        unit.insert(restore)
    unknown = restores.unknown([each.attempt for each in lost])
    for each in lost:
        if each.attempt in unknown:
            unit.insert(_row(restore, each), pass_over=True)
    data = {"restore": str(restore.pk), "lost": len(unknown), "is_complete": is_complete}
    entries.record_refusal(Event(actor, at, "restore.noticed", reason, data))
    return restore


@service
def resume(*, actor: Actor, at: datetime, reason: str) -> None:
    """Go on after a restore: what waited starts, and what might have been sent is still asked about first.

    :raises NotAllowed: this person may not lift halts, or comes with a token.
    :raises WrongState: there is no restore to go on after.
    :raises RationaleMissing: it was not said why it may go on.
    :raises Malformed: the reason is too long.
    """
    if not may_resume(actor):
        raise NotAllowed(WHO_RESUMES)
    why = reasons.checked(reason, MAX_REASON, missing=RationaleMissing("Enter a reason to resume execution."))
    halt_gate.close()
    found = list(restores.on())
    if not found:
        raise WrongState("No restore is in progress, so there is nothing to resume.", state="running")
    for each in found:
        unit.insert(RestoreEnd(restore=each, at=at, ended_by=actor.person, reason=why))
        entries.record_refusal(Event(actor, at, "restore.ended", why, {"restore": str(each.pk)}))
    doorbell.ring(doorbell.EXECUTE)


def may_resume(actor: Actor) -> bool:
    """Whether the actor may go on: an operator by a command, or somebody who may lift halts. A question."""
    if actor.person is None:
        return actor.agent is None and actor.door is Door.COMMAND
    return actor.door is not Door.TOKEN and actor.person.is_active and actor.person.has_perm(halts.LIFT)


def _lost() -> list[Sent]:
    found: list[Sent] = []
    lines = last_known.everything()
    while some := list(islice(lines, restores.AT_ONCE)):
        unknown = restores.unknown([each.attempt for each in some])
        found += [each for each in some if each.attempt in unknown]
    return found


def _is_complete() -> bool:
    """Whether the file holds whatever was sent after the newest entry that the database knows."""
    since, newest = last_known.since(), restores.last_entry()
    return since is not None and newest is not None and since <= newest.at


def _row(restore: Restore, sent: Sent) -> LostDispatch:
    return LostDispatch(
        id=sent.attempt,
        restore=restore,
        action_id=sent.action,
        proposal=sent.proposal,
        action_type=sent.action_type,
        connector=sent.connector,
        host=sent.host[:260],
        key=sent.key,
        sent_at=sent.at,
        sender=sent.sender[:200],
        is_end=sent.is_end,
    )
