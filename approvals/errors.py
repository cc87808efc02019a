"""Refusals: a closed family; the docstring is the message unless one is given, ``code`` is the stable name.

Machines and the record get the message in English, people in the language in which they read: what stands for values
in it is filled from ``said``. `manage.py makemessages` collects the messages by the names of these classes.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

from django.db.models import Choices
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


class Refused(Exception):
    __doc__ = _("The request was refused.")

    code: ClassVar[str] = "refused"

    def __init__(self, message: str = "", *, said: Mapping[str, Any] | None = None, **details: Any) -> None:
        self._sentence, self._said = message or (type(self).__doc__ or ""), said
        self.message = self._sentence if said is None else self._sentence.format_map(said)
        self.details = details
        self._follow_ups: list[Callable[[], object]] = []
        super().__init__(self.message)

    @property
    def in_words(self) -> str:
        """The message in the language of whoever reads it now."""
        sentence = gettext(self._sentence)
        if self._said is None:
            return sentence
        return sentence.format_map({name: _in_words(value) for name, value in self._said.items()})

    def followed_by(self, step: Callable[[], object]) -> Self:
        """Have `service` run the step in a transaction of its own, once the refused one is rolled back."""
        self._follow_ups.append(step)
        return self

    def take_follow_ups(self) -> list[Callable[[], object]]:
        """Return the steps that are still to run, in order, and forget them: each runs once."""
        steps, self._follow_ups = self._follow_ups, []
        return steps


class Malformed(Refused):
    __doc__ = _("The request does not have the expected form; see the faults listed.")
    code = "malformed"


class TooLarge(Malformed):
    __doc__ = _("The request is larger than this call takes; send a link to the large part instead.")
    code = "too_large"


class SchemaFault(Refused):
    __doc__ = _("The payload does not fit the action type's schema; correct the fields listed and propose again.")
    code = "payload_invalid"


class UnknownType(Refused):
    __doc__ = _("There is no active action type of this name; GET action_types/ lists those that this key may propose.")
    code = "unknown_action_type"


class NotFound(Refused):
    __doc__ = _("There is nothing here that you may see.")
    code = "not_found"


class NotAllowed(Refused):
    __doc__ = _("You are not allowed to do this.")
    code = "not_allowed"


class SelfApproval(NotAllowed):
    __doc__ = _("Whoever asked for an action, owns its agent or drafted it may not decide it; another reviewer must.")
    code = "self_approval"


class TierTooLow(NotAllowed):
    __doc__ = _("This needs a reviewer of a higher tier; escalate it instead.")
    code = "tier_too_low"


class AboveCeiling(TierTooLow):
    __doc__ = _("This is above your ceiling on this desk; escalate it instead.")
    code = "above_ceiling"


class NoStandingRule(NotAllowed):
    __doc__ = _("No standing rule can let this run by itself; a person decides it each time.")
    code = "no_standing_rule"


class DelegationRefused(NotAllowed):
    __doc__ = _("What was lent to you does not reach so far; ask whose power it is, or a senior of the desk.")
    code = "delegation_refused"


class NotYourDesk(NotAllowed):
    __doc__ = _("This belongs to a desk that you are not a reviewer of.")
    code = "not_your_desk"


class NotAsked(NotAllowed):
    __doc__ = _("The stage that is open asks somebody else; you can escalate it.")
    code = "not_assigned"


class ScopeMissing(NotAllowed):
    __doc__ = _("This key does not have the scope that the call needs.")
    code = "scope_missing"


class WrongState(Refused):
    __doc__ = _("The action is not in a state that allows this.")
    code = "wrong_state"


class Expired(WrongState):
    __doc__ = _("Nobody decided in time, so this can no longer be decided; its agent may propose it again.")
    code = "expired"


class AlreadyDecided(WrongState):
    __doc__ = _("Somebody else decided this first.")
    code = "already_decided"


class ClaimedByAnother(WrongState):
    __doc__ = _("Somebody else has this in hand; take it over if you want to decide it.")
    code = "claimed_by_another"


class NotAlike(WrongState):
    __doc__ = _("These cannot be decided at once; look at them one by one.")
    code = "not_alike"


class StaleRevision(Refused):
    __doc__ = _("The action has changed since you saw it; look at it again before you decide.")
    code = "stale_revision"


class StaleTarget(StaleRevision):
    __doc__ = _("How this is carried out has changed since you opened the page; look at it again.")
    code = "stale_target"


class RationaleMissing(Refused):
    __doc__ = _("The policy wants a reason in words for this decision; write one.")
    code = "rationale_missing"


class NothingChanged(Refused):
    __doc__ = _("The modified payload equals the one seen; approve it instead, or change something.")
    code = "nothing_changed"


class BlockedByPolicy(Refused):
    __doc__ = _("Policy blocks the action as edited; see the rules listed.")
    code = "blocked_by_policy"


class KeyReused(Refused):
    __doc__ = _("This idempotency key was used before with another body; use a new key for a new proposal.")
    code = "idempotency_conflict"


class TestsFail(Refused):
    __doc__ = _("A test that the policy carries fails; correct the rules or the test, and draft it again.")
    code = "tests_fail"
    __test__ = False


class AlreadyConsumed(Refused):
    __doc__ = _("The approval was redeemed before; an approval can be redeemed once.")
    code = "already_consumed"


class NotApproved(Refused):
    __doc__ = _("The action is not approved, so there is nothing to redeem.")
    code = "not_approved"


class ApprovalExpired(Refused):
    __doc__ = _("The approval is no longer valid; propose the action again.")
    code = "approval_expired"


class Tampered(Refused):
    __doc__ = _(
        "The stored payload is not the one that was approved; it was not executed, and an incident was recorded."
    )
    code = "digest_mismatch"


class TooLate(Refused):
    __doc__ = _("The action was already dispatched and can no longer be undone.")
    code = "already_dispatched"


class Halted(Refused):
    __doc__ = _("Somebody has halted this, so nothing new starts here; send it again once the halt is lifted.")
    code = "halted"


class TooManyAttempts(Refused):
    __doc__ = _("Too many attempts. Try again later.")
    code = "too_many_attempts"


class Unavailable(Refused):
    __doc__ = _("The service cannot do this right now; try again shortly.")
    code = "unavailable"


def _in_words(value: Any) -> Any:
    return str(value.label).lower() if isinstance(value, Choices) else value
