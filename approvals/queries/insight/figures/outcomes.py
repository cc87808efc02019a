"""What a final decision amounts to, as conditions on decisions: figures, and the lists behind them, ask the same ones.

::

    policy, standing rule: approve                    automatic
    a person: anything; a check: approve              human: a check approves only what people approved before
    policy, standing rule, check: reject; deadline    stopped
"""

from django.db.models import Exists, F, OuterRef, Q

from approvals.models import Decision
from approvals.queries.automation.samples import ALONE
from approvals.states import DecisionSource, DecisionType

_BY_PERSON = Q(source=DecisionSource.PERSON)
_AFTER_CHECK = Q(source=DecisionSource.CHECK, verdict=DecisionType.APPROVE)
AUTOMATIC = Q(source__in=ALONE, verdict=DecisionType.APPROVE)
HUMAN = _BY_PERSON | _AFTER_CHECK
EXPIRED = Q(verdict=DecisionType.EXPIRE)
BLOCKED = Q(verdict=DecisionType.REJECT) & ~_BY_PERSON
STOPPED = EXPIRED | BLOCKED
MODIFIED = _BY_PERSON & Q(verdict=DecisionType.MODIFY)
REJECTED = _BY_PERSON & Q(verdict=DecisionType.REJECT)
CHANGED = _BY_PERSON & Q(verdict__in=[DecisionType.MODIFY, DecisionType.REJECT])
ESCALATED = _BY_PERSON & Q(verdict=DecisionType.ESCALATE)

# By the name that an address gives them.
BY_NAME = {
    "any": Q(),
    "person": HUMAN,
    "approve": _BY_PERSON & Q(verdict=DecisionType.APPROVE),
    "check": _AFTER_CHECK,
    "modify": MODIFIED,
    "reject": REJECTED,
    "changed": CHANGED,
    "automatic": AUTOMATIC,
    "policy": AUTOMATIC & Q(source=DecisionSource.POLICY),
    "standing_rule": AUTOMATIC & Q(source=DecisionSource.STANDING_RULE),
    "blocked": BLOCKED,
    "expire": EXPIRED,
    "stopped": STOPPED,
}
# The decision that an action has now. A decision that was undone, or that a new round follows, is none any more.
STANDING = Q(is_final=True, round=F("action__round"))


def decided_as(condition: Q) -> Exists:
    """Return the condition that an action stands decided in this way."""
    return Exists(Decision.objects.filter(condition, action=OuterRef("pk"), round=OuterRef("round"), is_final=True))
