"""Why an action could never run however it is decided, asked before anybody decides it and by the page. Steps."""

from collections.abc import Callable

from django.utils.translation import gettext_noop as _

from approvals.connectors.registry import faults_of
from approvals.errors import Tampered, WrongState
from approvals.models import Action
from approvals.queries.record import digests
from approvals.queries.record.related import attachments, parents
from approvals.services.attachments import presence
from approvals.services.catalog import proposed_changes
from approvals.services.policy import publications
from approvals.states import GRANTS, DecisionType, ExecutionMode
from policies.errors import Refused

TAMPERED = _("The stored payload differs from the one that was proposed. Reject the action and ask for a new one.")


def refusal_for(action: Action, verdict: DecisionType) -> Refused | None:
    """Why this decision would let nothing run, or None; to refuse and to ask for more stay possible.

    1. The action type or the agent is no longer active.
    2. The schema of the action type has changed: an edit may still fit it.
    3. The connector of the action type does not work.
    4. The stored payload is not the one that was proposed.
    5. A document was erased, or the rows of documents were changed.
    6. Its parent ended without effect, and that can no longer be undone.
    7. The draft of a policy can no longer be published, or a configuration change no longer fits.
    """
    if verdict not in GRANTS:
        return None
    asked: tuple[Callable[[Action], Refused | None], ...] = (
        _inactive,
        _unconnected,
        _tampered,
        _orphaned,
        _undocumented,
    )
    if verdict == DecisionType.APPROVE:
        asked = (
            *(_inactive, _changed_form, _unconnected, _tampered, _orphaned, _undocumented),
            *(publications.refusal_for, proposed_changes.refusal_for),
        )
    return next((refusal for ask in asked if (refusal := ask(action))), None)


def _inactive(action: Action) -> Refused | None:
    if not action.action_type.is_active:
        return WrongState(
            "The action type “{kind}” is no longer active, so none of its actions run. Reject the action.",
            said={"kind": action.action_type},
            state=action.state,
        )
    if not action.agent.is_active:
        return WrongState(
            "The agent “{agent}” is no longer active, so none of its actions run. Reject the action.",
            said={"agent": action.agent},
            state=action.state,
        )
    return None


def _changed_form(action: Action) -> Refused | None:
    if action.revision.type_version == action.action_type.version:
        return None
    return WrongState("The schema of this action type has changed. Modify or reject the action.", state=action.state)


def _unconnected(action: Action) -> Refused | None:
    kind = action.action_type
    faults = faults_of(kind.connector, kind.target) if kind.execution == ExecutionMode.CONNECTOR else []
    if not faults:
        return None
    return WrongState(
        "The connector for this action type does not work: {faults} Ask the action type’s owner to correct the "
        "connector, or reject the action.",
        said={"faults": " ".join(faults)},
        state=action.state,
    )


def _orphaned(action: Action) -> Refused | None:
    if not parents.has_failed(action):
        return None
    # Nothing more is said of the parent: who decides here may not see it.
    return WrongState(
        "The parent of this action ended without effect, so this action never runs. It is withdrawn without you.",
        state=action.state,
    )


def _tampered(action: Action) -> Refused | None:
    return None if digests.digest_now(action, action.revision) == action.revision.digest else Tampered(TAMPERED)


def _undocumented(action: Action) -> Refused | None:
    """By rows alone: the store is asked right before the effect, because nothing is asked of it in a transaction."""
    places = attachments.places_of(action)
    if not presence.is_as_decided(action, places):
        return Tampered(TAMPERED)
    if any(place.attachment.erased_at for place in places):
        return WrongState(
            "An attachment of this action was erased, so the action never runs. Reject the action.", state=action.state
        )
    return None
