"""The stop button: halting is easy, lifting needs a reason, and a second person where the halt reaches far."""

import uuid
from datetime import datetime

from django.utils.translation import gettext_noop as _

from approvals.actors import Actor, Door
from approvals.authority import identity, memberships
from approvals.errors import NotAllowed, NotFound, RationaleMissing, SelfApproval, WrongState
from approvals.models import Desk, Halt, Person
from approvals.queries.safety import halts
from approvals.services import doorbell
from approvals.services.ledger import entries, refusals
from approvals.services.ledger.entries import Event
from approvals.services.safety import halt_gate
from approvals.states import HaltScope
from approvals.text import reasons
from policies.db import service
from policies.errors import Refused

MAX_REASON = 500


@service
def start(*, actor: Actor, at: datetime, scope: str, name: str = "", reason: str = "") -> Halt:
    """Halt everything, or the desk, action type, agent or connector of this name: nothing starts there from now on.

    :raises NotAllowed: no person is acting, or there is nothing of this name that this person may halt.
    :raises Malformed: the reason is too long.
    :raises WrongState: it is halted already; says by whom and since when.
    """
    person = _person(actor)
    why = reasons.checked(reason, MAX_REASON)
    # Nobody starts an effect between this and the commit, and no second halt of the same comes in between either.
    halt_gate.close()
    halt = next((each for each in halts.targets(person) if (each.scope, each.name) == (scope, name)), None)
    if halt is None:
        raise NotAllowed(
            "You do not have permission to start this halt, or its target does not exist. Desk members can halt "
            "their desk and its action types. Owners can halt their agents. Any other halt requires permission to "
            "add halts."
        )
    if former := halts.same_as(halt):
        since = f"{former.started_at:%Y-%m-%d %H:%M} UTC"
        raise WrongState(
            "{former} was already halted by {started_by} on {since}.",
            said={"former": former, "started_by": former.started_by, "since": since},
            halt=str(former.pk),
        )
    halt.started_by, halt.started_at, halt.reason = person, at, why
    entries.record_row(halt, Event(actor, at, "halt.started", why, _data(halt)), is_new=True)
    return halt


@service
def lift(*, actor: Actor, at: datetime, halt_id: uuid.UUID, reason: str) -> Halt:
    """Lift a halt, with a reason: what waited is looked at anew and then starts.

    :raises NotFound: there is none that this person may see.
    :raises NotAllowed: this person may not lift it, or comes with a token.
    :raises WrongState: it was lifted before; says by whom and when.
    :raises RationaleMissing: it was not said why it may go on.
    :raises Malformed: the reason is too long.
    :raises SelfApproval: it reaches far, and whoever started it may not lift it alone.
    """
    person = _person(actor)
    held = Halt.objects.select_for_update(of=("self",), no_key=True).filter(pk=halt_id)
    if not held.values_list("pk", flat=True).first():
        raise NotFound()
    halt = halts.visible_to(person).filter(pk=halt_id).first()
    if halt is None:
        raise NotFound()
    if halt.lifted_at is not None:
        raise WrongState(
            "{lifted_by} already lifted this halt on {lifted_at:%Y-%m-%d at %H:%M} UTC.",
            said={"lifted_by": halt.lifted_by, "lifted_at": halt.lifted_at},
        )
    refusal = refusal_for(actor, halt)
    if isinstance(refusal, NotAllowed) and not isinstance(refusal, SelfApproval):
        raise refusal
    missing = RationaleMissing("Enter a reason to lift the halt.")
    why = reasons.checked(reason, MAX_REASON, missing=missing)
    if refusal is not None:
        raise refusals.recorded(refusal, Event(actor, at, "halt.lifting_refused", data=_data(halt)), halt)
    is_alone = _is_alone(person, halt)
    halt.lift(person, at, why)
    entries.record_row(halt, Event(actor, at, "halt.lifted", why, _data(halt) | {"is_exception": is_alone}))
    doorbell.ring(doorbell.EXECUTE)
    return halt


def refusal_for(actor: Actor, halt: Halt) -> Refused | None:
    """Why this person does not lift this halt, or None; asked for the page, and asked again when they do."""
    if not may_lift(actor, halt):
        return NotAllowed(_WHO_LIFTS)
    is_alone = actor.person is not None and _is_alone(actor.person, halt)
    return SelfApproval(_ALONE) if is_alone and not _is_solo(halt) else None


def _is_alone(person: Person, halt: Halt) -> bool:
    """Whether a halt that reaches far was started by this very person, or by who counts as them."""
    return halt.is_wide and identity.are_one(person, halt.started_by)


def may_lift(actor: Actor, halt: Halt) -> bool:
    """Whether the person may lift this halt, alone or as the second: members for desks, owners for what they halted."""
    person = actor.person
    if person is None or actor.door is Door.TOKEN:
        return False
    if person.has_perm(halts.LIFT):
        return True
    if halt.scope == HaltScope.AGENT:
        # What somebody else has halted is not for the agent's own owner to set free.
        return halt.agent is not None and halt.agent.owner_id == person.pk == halt.started_by_id
    desk = halt.desk or (halt.action_type.desk if halt.action_type else None)
    return desk is not None and memberships.in_force().filter(person=person, desk=desk).exists()


_WHO_LIFTS = _(
    "You cannot lift this halt. Only members of its desk and people with permission to change halts can lift it. "
    "An agent’s owner can lift a halt that they started."
)
_ALONE = _("You, or someone who counts as the same person as you, started this halt. Another person must lift it.")


def _is_solo(halt: Halt) -> bool:
    """Whether it is a firm of one's: of its desk, or of every desk where it reaches beyond one."""
    return halt.desk.is_solo if halt.desk else not Desk.objects.filter(is_solo=False).exists()


def _person(actor: Actor) -> Person:
    if actor.person is None or not actor.person.is_active:
        raise NotAllowed("Only a person can start or lift a halt. Sign in.")
    return actor.person


def _data(halt: Halt) -> dict[str, object]:
    return {
        "row": str(halt.pk),
        "scope": str(halt.scope),
        "desk": halt.desk_id,
        "action_type": halt.action_type_id,
        "agent": halt.agent_id,
        "connector": halt.connector,
    }
