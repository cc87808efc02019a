"""The words of the lifecycle, and the pairs of states that are legal.

::

    proposed  -> pending | approved | rejected | withdrawn | expired
    pending   -> approved | modified | rejected | expired | withdrawn
    approved, modified -> executing | pending | expired | withdrawn
    executing -> executed | failed | uncertain
    failed    -> executing          uncertain -> executing | executed | failed

``rejected`` was decided by a person or by policy; ``expired`` means that nobody decided in time and is never the same;
``uncertain`` means that we sent and do not know whether it happened, and a person settles it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ActionState(models.TextChoices):
    """Where an action stands."""

    PROPOSED = "proposed", _("Proposed")
    PENDING = "pending", _("Pending")
    APPROVED = "approved", _("Approved")
    MODIFIED = "modified", _("Modified")
    REJECTED = "rejected", _("Rejected")
    EXECUTING = "executing", _("Executing")
    EXECUTED = "executed", _("Executed")
    FAILED = "failed", _("Failed")
    UNCERTAIN = "uncertain", _("Uncertain")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


S = ActionState
# The guards' SQL and the sets below are made of these pairs; a test holds the model's transitions equal to them.
LEGAL: dict[str, frozenset[str]] = {
    S.PROPOSED: frozenset({S.PENDING, S.APPROVED, S.REJECTED, S.WITHDRAWN, S.EXPIRED}),
    S.PENDING: frozenset({S.APPROVED, S.MODIFIED, S.REJECTED, S.EXPIRED, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.EXECUTING, S.PENDING, S.EXPIRED, S.WITHDRAWN}),
    S.MODIFIED: frozenset({S.EXECUTING, S.PENDING, S.EXPIRED, S.WITHDRAWN}),
    S.EXECUTING: frozenset({S.EXECUTED, S.FAILED, S.UNCERTAIN}),
    S.FAILED: frozenset({S.EXECUTING}),
    S.UNCERTAIN: frozenset({S.EXECUTING, S.EXECUTED, S.FAILED}),
    S.REJECTED: frozenset(),
    S.EXECUTED: frozenset(),
    S.EXPIRED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
LEGAL_PAIRS = tuple(sorted((source, target) for source, targets in LEGAL.items() for target in targets))

OPEN = frozenset({S.PROPOSED, S.PENDING})
GRANTED = frozenset({S.APPROVED, S.MODIFIED})
DECIDED = frozenset(S.values) - OPEN
TERMINAL = frozenset(state for state, targets in LEGAL.items() if not targets)
FINAL = TERMINAL | {S.FAILED, S.UNCERTAIN}


class ExecutionState(models.TextChoices):
    """Where one execution stands; ``canceled`` was called back before anything was sent."""

    READY = "ready", _("Ready")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    UNCERTAIN = "uncertain", _("Uncertain")
    CANCELED = "canceled", _("Canceled")


# As above, for the transitions of an execution.
EXECUTION_LEGAL: dict[str, tuple[str, ...]] = {
    ExecutionState.READY: (ExecutionState.RUNNING, ExecutionState.CANCELED),
    ExecutionState.RUNNING: (ExecutionState.SUCCEEDED, ExecutionState.FAILED, ExecutionState.UNCERTAIN),
    ExecutionState.UNCERTAIN: (ExecutionState.SUCCEEDED, ExecutionState.FAILED),
}


class ExecutionMode(models.TextChoices):
    """Who carries the action out: our worker, or the agent after it redeems the approval once."""

    CONNECTOR = "connector", _("Our connector")
    AGENT = "agent", _("The agent itself")


class Tier(models.IntegerChoices):
    """How much a reviewer may decide; a higher number includes the lower."""

    JUNIOR = 1, _("Junior")
    SENIOR = 2, _("Senior")


class StageKind(models.TextChoices):
    """Whether a step of the approval plan asks people or checks a condition."""

    PEOPLE = "people", _("People")
    CHECK = "check", pgettext_lazy("stage of a plan", "Check")


class StageState(models.TextChoices):
    """Where one step of the approval plan stands; what waits comes after the one that is open."""

    WAITING = "waiting", _("Waiting")
    OPEN = "open", _("Open")
    SATISFIED = "satisfied", _("Satisfied")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")
    SUPERSEDED = "superseded", _("Superseded")


class FetchState(models.TextChoices):
    """What came of looking a fact up."""

    FOUND = "found", _("Found")
    NOTHING = "nothing", _("Nothing found")
    UNREACHABLE = "unreachable", _("No answer")


class DecisionType(models.TextChoices):
    """What was decided."""

    APPROVE = "approve", _("Approved")
    MODIFY = "modify", _("Modified")
    REJECT = "reject", _("Rejected")
    ESCALATE = "escalate", _("Escalated")
    UNDO = "undo", _("Undone")
    EXPIRE = "expire", _("Expired")


GRANTS = frozenset({DecisionType.APPROVE, DecisionType.MODIFY})


class DecisionSource(models.TextChoices):
    """Who or what decided."""

    PERSON = "person", _("Person")
    POLICY = "policy", _("Policy")
    STANDING_RULE = "standing_rule", _("Standing rule")
    DEADLINE = "deadline", _("Deadline")
    CHECK = "check", _("Automatic check")


class HaltScope(models.TextChoices):
    """How far a halt reaches."""

    EVERYTHING = "everything", _("Everything")
    DESK = "desk", _("A desk")
    ACTION_TYPE = "action_type", _("An action type")
    AGENT = "agent", _("An agent")
    CONNECTOR = "connector", _("A connector")


class StandingVerdict(models.TextChoices):
    """What a standing rule does with what it fits."""

    APPROVE = "approve", _("Always approve")
    DENY = "deny", _("Always reject")


class StandingState(models.TextChoices):
    """Where a standing rule stands; ``stopped`` was ended by somebody, or by a change of what it was made under."""

    PROPOSED = "proposed", _("Waits for a second person")
    ACTIVE = "active", _("In force")
    STOPPED = "stopped", _("Stopped")
    EXPIRED = "expired", _("Expired")


STANDING = frozenset({StandingState.PROPOSED, StandingState.ACTIVE})


class StandingRuleApprovers(models.IntegerChoices):
    """How many people a standing rule takes that lets a kind of action run by itself."""

    NEVER = 0, _("never: a person decides each time")
    ONE = 1, _("one reviewer")
    TWO = 2, _("two: another one confirms it")


class SampleState(models.TextChoices):
    """Where the later check of something that ran by itself stands."""

    OPEN = "open", _("To be checked")
    OK = "ok", _("Right")
    WRONG = "wrong", _("Wrong")


class Reversibility(models.TextChoices):
    """Whether the effect can be undone."""

    REVERSIBLE = "reversible", _("Reversible")
    IRREVERSIBLE = "irreversible", _("Irreversible")


class Stakes(models.TextChoices):
    """How much is lost when it goes wrong."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class Mode(models.TextChoices):
    """How people and machine share the work of an action type; the first leaves the least to machines."""

    IN_COMMAND = "human_in_command", _("Human in command")
    IN_THE_LOOP = "in_the_loop", _("Human in the loop")
    ON_THE_LOOP = "on_the_loop", _("Human on the loop")
    AUTONOMOUS = "autonomous", _("Autonomous")
